import * as z from 'zod';
import { isTimestamp } from '#core/audit/timestamp.ts';
import { parseCompactJws } from '#core/identity/compact-jws.ts';
import { Ed25519Jwk, ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';
import { type ChainLink, toActClaims } from './chain.ts';

/**
 * A chain as the gateway signs it, for others to read: a compact JWS (RFC 7515) by the session's evidence key. It carries no
 * right: the gateway knows a caller by the listener that he came by, and takes a chain from nobody.
 */
export type ChainClaims = { readonly session: string; readonly gateway: string; readonly chain: readonly ChainLink[] };

const TYPE = 'duty-gate-chain+jws';
export const CHAIN_TOKEN_CHARACTERS_MAX = 64 * 1024;

/** What is signed: header and claims, each in base64url, with a dot between them. The signature follows after another. */
export function chainSigningInput(claims: ChainClaims, key: Ed25519Jwk, issuedSeconds: number): string {
  const { session, gateway, chain } = claims;
  const body = { v: 1, session, gateway, iat: issuedSeconds, chain, ...toActClaims(chain) };
  return `${part({ alg: 'EdDSA', typ: TYPE, jwk: { crv: key.crv, kty: key.kty, x: key.x } })}.${part(body)}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

const LinkId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const Header = z.strictObject({ alg: z.literal('EdDSA'), typ: z.literal(TYPE), jwk: Ed25519Jwk });
const Claims = z.object({
  v: z.literal(1),
  session: LinkId,
  gateway: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  iat: z.int().min(0),
  chain: z
    .array(
      z.strictObject({
        link: LinkId,
        principal: z.string(),
        duty: z.string(),
        executable: z.string(),
        started: z.string().refine(isTimestamp),
        keyThumbprint: z.string().nullable(),
      }),
    )
    .min(1),
});

/** Reads a chain that the evidence key with this thumbprint signed. A text in answer says what is wrong with it. */
export function readChainToken(token: string, evidenceKey: string): ChainClaims | string {
  if (token.length > CHAIN_TOKEN_CHARACTERS_MAX) return `it is longer than ${CHAIN_TOKEN_CHARACTERS_MAX} characters`;
  const jws = parseCompactJws(token);
  if (typeof jws === 'string') return jws;
  const [header, claims] = [Header.safeParse(jws.header), Claims.safeParse(jws.claims)];
  if (!header.success) return 'its header is not that of a chain';
  if (ed25519Thumbprint(header.data.jwk) !== evidenceKey) return 'it is signed with another key than the evidence';
  if (!isSignedBy(header.data.jwk, jws.input, jws.signature)) return 'its signature is wrong';
  if (!claims.success) return 'its claims are not those of a chain';
  const { session, gateway, chain } = claims.data;
  return { session, gateway, chain };
}
