import * as z from 'zod';
import { NotCanonicalizable } from '#core/audit/canonical-json.ts';
import { describe } from '#core/audit/entry-schema.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { claimStrings } from '#core/identity/claims.ts';
import { type CompactJws, parseCompactJws } from '#core/identity/compact-jws.ts';
import { Ed25519Jwk, ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';
import type { KnownKeys } from './issuer-keys.ts';
import { checkIssuerSignature } from './issuer-signature.ts';
import { decodeUtf8, TOKEN_FILE } from './manifest.ts';
import type { Problem, SessionFacts, Verification } from './verification.ts';

/** How far the opening may lie outside the token's time: clocks differ. */
export const TOKEN_SKEW_SECONDS_MAX = 60;

/** Header of a token that the client signed for itself. The key is named in it, and nothing else vouches for it. */
const LocalHeader = z.object({ alg: z.literal('EdDSA'), typ: z.literal('JWT'), jwk: Ed25519Jwk });
/** Conditions and keys that a reader may not know (RFC 7515 section 4.1, RFC 7797). */
const REFUSED_HEADERS = ['jku', 'x5u', 'x5c', 'crit', 'b64', 'zip'] as const;
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
  const text = decodeUtf8(content) ?? '';
  // R5: left out until nobody could use the token any more, or for good. Nothing vouches then, and its words are only compared.
  const unsigned = session.keeps.token === 'after-expiry' && text.endsWith('.');
  const token = parseToken(unsigned ? `${text}AA` : text);
  if (typeof token === 'string') return { anchoring: 'unanchored', problems: [problem(token)], unknownKey: null };
  const whats = checkClaims(token, session, Date.parse(openedAt) / 1000);
  const { anchoring, what, unknownKey } = unsigned ? UNSIGNED : checkSignature(token, session, keys);
  if (what !== null) whats.push(what);
  return { anchoring: whats.length > 0 ? 'unanchored' : anchoring, problems: whats.map(problem), unknownKey };
}

const UNSIGNED: Signature = { anchoring: 'unanchored', what: null, unknownKey: null };

type Token = Omit<CompactJws, 'claims'> & { readonly claims: z.infer<typeof Claims> };

function parseToken(text: string): Token | string {
  const jws = parseCompactJws(text);
  if (typeof jws === 'string') return jws;
  const parsed = Claims.safeParse(jws.claims);
  return parsed.success ? { ...jws, claims: parsed.data } : `its claims are malformed: ${describe(parsed.error)}`;
}

function checkClaims({ claims }: Token, session: SessionFacts, openedSeconds: number): string[] {
  const whats: string[] = [];
  if (claims.iss !== session.issuer) whats.push('it is from another issuer than the session entry says');
  if (claims.aud !== sessionAudience(session)) whats.push('its audience is not made of the gateway, nonce and keys in the session entry');
  if (
    claims.iat > claims.exp ||
    openedSeconds < claims.iat - TOKEN_SKEW_SECONDS_MAX ||
    openedSeconds > claims.exp + TOKEN_SKEW_SECONDS_MAX
  ) {
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
  if (REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) return found('its header has keys or conditions of its own');
  const { jwk } = parsed.data;
  if (ed25519Thumbprint(jwk) !== session.clientKey) return found('it is signed by another key than the session entry names');
  return found(isSignedBy(jwk, input, signature) ? null : 'its signature is not the one of its key');
}

function checkSignature(token: Token, session: SessionFacts, keys: KnownKeys): Signature {
  if (session.issuer === 'local') return checkLocalSignature(token, session);
  const signature = checkIssuerSignature(token, session.issuer, keys);
  switch (signature.kind) {
    case 'good':
      return { anchoring: 'anchored', what: null, unknownKey: null };
    case 'unknown-key':
      return { anchoring: 'unanchored', what: null, unknownKey: signature.kid };
    case 'bad':
      return { anchoring: 'unanchored', what: signature.what, unknownKey: null };
  }
}

function problem(what: string): Problem {
  return { code: 'token', where: TOKEN_FILE, what };
}
