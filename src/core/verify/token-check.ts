import { z } from 'zod';
import { NotCanonicalizable } from '#core/audit/canonical-json.ts';
import { describe } from '#core/audit/entry-schema.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { claimStrings } from '#core/identity/claims.ts';
import { type CompactJws, parseCompactJws } from '#core/identity/compact-jws.ts';
import { Ed25519Jwk, ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';
import { parseIssuerHeader } from '#core/identity/issuer-header.ts';
import { isRs256SignedBy } from '#core/identity/rsa-key.ts';
import type { KnownKeys } from './issuer-keys.ts';
import { decodeUtf8, TOKEN_FILE } from './manifest.ts';
import type { Problem, SessionFacts, Verification } from './verification.ts';

/** How far the opening may lie outside the token's time: clocks differ. */
export const TOKEN_SKEW_SECONDS_MAX = 60;

/** Header of a token that the client signed for itself. The key is named in it, and nothing else vouches for it. */
const LocalHeader = z.object({ alg: z.literal('EdDSA'), typ: z.literal('JWT'), jwk: z.object(Ed25519Jwk.shape) });
const Claims = z.looseObject({ iss: z.string(), aud: z.string(), iat: z.number(), exp: z.number(), sub: z.string(), jti: z.string() });

/** `unknownKey`: the key that would have to be known from outside to tell whether the issuer vouches. */
export type TokenFinding = {
  readonly anchoring: Verification['anchoring'];
  readonly problems: readonly Problem[];
  readonly unknownKey: string | null;
};

/**
 * Who vouches that this session named this client key and this evidence key (R1, R2): the token's audience covers both.
 * Issuer `local`: the client's own key signed it, which anchors nothing outside. Every other issuer: `keys` holds what is
 * known from outside the bundle; without its key nothing is called anchored, with it a wrong signature is called broken.
 */
export function checkToken(content: Uint8Array, session: SessionFacts, openedAt: string, keys: KnownKeys): TokenFinding {
  const token = parseToken(content);
  if (typeof token === 'string') return { anchoring: 'unanchored', problems: [problem(token)], unknownKey: null };
  const whats = checkClaims(token, session, Date.parse(openedAt) / 1000);
  const { anchoring, what, unknownKey } =
    session.issuer === 'local' ? checkLocalSignature(token, session) : checkIssuerSignature(token, session, keys);
  if (what !== null) whats.push(what);
  return { anchoring: whats.length > 0 ? 'unanchored' : anchoring, problems: whats.map(problem), unknownKey };
}

type Token = Omit<CompactJws, 'claims'> & { readonly claims: z.infer<typeof Claims> };

function parseToken(content: Uint8Array): Token | string {
  const jws = parseCompactJws(decodeUtf8(content) ?? '');
  if (typeof jws === 'string') return jws;
  const parsed = Claims.safeParse(jws.claims);
  return parsed.success ? { ...jws, claims: parsed.data } : `its claims are malformed: ${describe(parsed.error)}`;
}

function checkClaims({ claims }: Token, session: SessionFacts, openedSeconds: number): string[] {
  const whats: string[] = [];
  if (claims.iss !== session.issuer) whats.push('it is from another issuer than the session entry says');
  if (claims.aud !== sessionAudience(session)) whats.push('its audience is not made of the gateway, nonce and keys in the session entry');
  if (openedSeconds < claims.iat - TOKEN_SKEW_SECONDS_MAX || openedSeconds > claims.exp + TOKEN_SKEW_SECONDS_MAX) {
    whats.push('it was not valid when the session was opened');
  }
  const differing = Object.entries(session.claims).filter(([name, value]) => !carries(claims, name, value));
  if (differing.length > 0)
    whats.push(`it does not carry these claims of the session entry: ${differing.map(([name]) => name).join(', ')}`);
  return whats;
}

function carries(claims: z.infer<typeof Claims>, name: string, value: string): boolean {
  if (!Object.hasOwn(claims, name)) return false;
  try {
    return claimStrings({ [name]: claims[name] })[name] === value;
  } catch (cause) {
    if (cause instanceof NotCanonicalizable) return false; // 1e999, lone surrogates, absurd depth
    throw cause;
  }
}

type Signature = { readonly anchoring: Verification['anchoring']; readonly what: string | null; readonly unknownKey: string | null };

function checkLocalSignature({ header, input, signature }: Token, session: SessionFacts): Signature {
  const found = (what: string | null): Signature => ({ anchoring: 'local', what, unknownKey: null });
  const parsed = LocalHeader.safeParse(header);
  if (!parsed.success) return found(`its header is malformed: ${describe(parsed.error)}`);
  const { jwk } = parsed.data;
  if (ed25519Thumbprint(jwk) !== session.clientKey) return found('it is signed by another key than the session entry names');
  return found(isSignedBy(jwk, input, signature) ? null : 'its signature is not the one of its key');
}

function checkIssuerSignature({ header, input, signature }: Token, session: SessionFacts, keys: KnownKeys): Signature {
  const parsed = parseIssuerHeader(header);
  if (typeof parsed === 'string') return { anchoring: 'unanchored', what: parsed, unknownKey: null };
  const key = keys.find(session.issuer, parsed.kid);
  if (key === null) return { anchoring: 'unanchored', what: null, unknownKey: parsed.kid };
  const what = isRs256SignedBy(key, input, signature) ? null : `its signature is not the one of key ${parsed.kid} of its issuer`;
  return { anchoring: 'anchored', what, unknownKey: null };
}

function problem(what: string): Problem {
  return { code: 'token', where: TOKEN_FILE, what };
}
