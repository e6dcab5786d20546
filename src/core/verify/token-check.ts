import { z } from 'zod';
import { NotCanonicalizable } from '#core/audit/canonical-json.ts';
import { describe } from '#core/audit/entry-schema.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { decodeBase64url } from '#core/identity/base64url.ts';
import { claimStrings } from '#core/identity/claims.ts';
import { Ed25519Jwk, ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';
import { decodeUtf8, TOKEN_FILE } from './manifest.ts';
import type { Problem, SessionFacts, Verification } from './verification.ts';

/** How far the opening may lie outside the token's time: clocks differ. */
export const TOKEN_SKEW_SECONDS_MAX = 60;

/** Header of a token that the client signed for itself. The key is named in it, and nothing else vouches for it. */
const LocalHeader = z.object({ alg: z.literal('EdDSA'), typ: z.literal('JWT'), jwk: z.object(Ed25519Jwk.shape) });
const Claims = z.looseObject({ iss: z.string(), aud: z.string(), iat: z.number(), exp: z.number(), sub: z.string(), jti: z.string() });

export type TokenFinding = { readonly anchoring: Verification['anchoring']; readonly problems: readonly Problem[] };

/**
 * Who vouches that this session named this client key and this evidence key (R1, R2): the token's audience covers both.
 * Issuer `local`: the client's own key signed it, which anchors nothing outside. Every other issuer's keys would have to be
 * known from outside the bundle; this version knows none, so that nothing is ever called anchored.
 */
export function checkToken(content: Uint8Array, session: SessionFacts, openedAt: string): TokenFinding {
  const token = parseToken(content);
  if (typeof token === 'string') return { anchoring: 'unanchored', problems: [problem(token)] };
  const whats = checkClaims(token, session, Date.parse(openedAt) / 1000);
  if (session.issuer !== 'local') return { anchoring: 'unanchored', problems: whats.map(problem) };
  const unsigned = checkLocalSignature(token, session);
  if (unsigned !== null) whats.push(unsigned);
  return { anchoring: 'local', problems: whats.map(problem) };
}

type Token = { readonly header: unknown; readonly claims: z.infer<typeof Claims>; readonly input: Buffer; readonly signature: Buffer };

/** A compact JWS (RFC 7515 section 3.1) of JSON claims, or what is wrong with it. */
function parseToken(content: Uint8Array): Token | string {
  const [head = '', body = '', sig = '', ...more] = (decodeUtf8(content) ?? '').split('.');
  const [header, claims, signature] = [decodePart(head), decodePart(body), decodeBase64url(sig)];
  if (more.length > 0 || header === undefined || claims === undefined || signature === null)
    return 'it is not a compact JWS in strict base64url';
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return `its claims are malformed: ${describe(parsed.error)}`;
  return { header, claims: parsed.data, input: Buffer.from(`${head}.${body}`, 'latin1'), signature };
}

function decodePart(part: string): unknown {
  const bytes = decodeBase64url(part);
  const text = bytes === null ? null : decodeUtf8(bytes);
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
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

function checkLocalSignature({ header, input, signature }: Token, session: SessionFacts): string | null {
  const parsed = LocalHeader.safeParse(header);
  if (!parsed.success) return `its header is malformed: ${describe(parsed.error)}`;
  const { jwk } = parsed.data;
  if (ed25519Thumbprint(jwk) !== session.clientKey) return 'it is signed by another key than the session entry names';
  return isSignedBy(jwk, input, signature) ? null : 'its signature is not the one of its key';
}

function problem(what: string): Problem {
  return { code: 'token', where: TOKEN_FILE, what };
}
