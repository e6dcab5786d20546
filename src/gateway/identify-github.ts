import { compactVerify } from 'jose';
import { type UsedTokens, UsedTokensError } from '#adapters/files/used-tokens.ts';
import { type IssuerKeys, IssuerKeysError } from '#adapters/github/issuer-keys.ts';
import { ControlError } from '#control/fault.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { type CompactJws, parseCompactJws } from '#core/identity/compact-jws.ts';
import { type GithubClaims, parseGithubClaims } from '#core/identity/github-claims.ts';
import { parseIssuerHeader } from '#core/identity/issuer-header.ts';
import { publicKeyOf, type RsaKey } from '#core/identity/rsa-key.ts';
import { tokenIssuers } from '#core/policy/bind.ts';
import type { Policy } from '#core/policy/policy.ts';
import { printable } from '#core/policy/problems.ts';
import type { Identity } from './identify.ts';
import type { Nonces } from './nonces.ts';

export type IdentifyGithubSetup = {
  readonly gateway: string;
  readonly evidenceKey: string;
  readonly nonces: Nonces;
  readonly nowMs: () => number;
  /** The issuers that its bindings name are the only ones whose tokens are looked at. */
  readonly policy: Policy;
  readonly keys: IssuerKeys;
  readonly usedTokens: UsedTokens;
};

/** GitHub's are some two thousand characters long. */
export const TOKEN_CHARACTERS_MAX = 16 * 1024;
/** How far clocks may differ. Less than `verify` allows, so that a session which opens is not found to have opened too late. */
export const SKEW_SECONDS_MAX = 45;
/** GitHub's live for five minutes, and once lived for six hours. */
export const TOKEN_SECONDS_MAX = 6 * 60 * 60;

/**
 * Who opens a session, by a token of GitHub's issuer (RFC 8725): signature first, then what it says. The nonce in its audience is
 * used up by it, and its `jti` remembered on the disk, so it opens one session and no other (R2). Decisions are made by ids and
 * claims, never by the text of `sub`.
 *
 * @throws ControlError `unauthenticated`, in its own words for each reason
 */
export async function identifyGithub(setup: IdentifyGithubSetup, token: string, clientKey: string): Promise<Identity> {
  const { issuer, kid, payload } = readToken(setup.policy, token);
  const key = await keyFor(setup.keys, issuer, kid);
  await requireSignature(token, key);
  const claims = parseGithubClaims(payload);
  if (typeof claims === 'string') throw refused(claims);
  requireTimely(claims, setup.nowMs() / 1000);
  const nonce = useUp(setup, claims, clientKey);
  return {
    issuer: claims.issuer,
    principal: claims.principal,
    claims: claims.claims,
    tokenClaims: claims.record,
    token,
    tokenExpiresMs: (claims.expires + SKEW_SECONDS_MAX) * 1000,
    visibility: isPrivate(claims) ? 'private' : 'public',
    nonce,
    clientKey,
  };
}

/** Artifacts of an internal repository are an enterprise's to read. What says nothing is taken for public. */
function isPrivate({ record }: GithubClaims): boolean {
  const { repository_visibility: visibility } = record;
  return visibility === 'private' || visibility === 'internal';
}

type ReadToken = { readonly issuer: string; readonly kid: string; readonly payload: CompactJws['claims'] };

/** Whose key has to have signed it. Its claims are worth nothing yet: the issuer only chooses among those that the policy names. */
function readToken(policy: Policy, token: string): ReadToken {
  if (token.length > TOKEN_CHARACTERS_MAX) throw refused(`it is longer than ${TOKEN_CHARACTERS_MAX} characters`);
  const jws = parseCompactJws(token);
  if (typeof jws === 'string') throw refused(jws);
  const header = parseIssuerHeader(jws.header);
  if (typeof header === 'string') throw refused(header);
  const issuer = jws.claims['iss'];
  const trusted = tokenIssuers(policy);
  if (typeof issuer === 'string' && trusted.has(issuer)) return { issuer, kid: header.kid, payload: jws.claims };
  const named = typeof issuer === 'string' ? JSON.stringify(printable(issuer)) : 'missing';
  throw refused(`its issuer is ${named}, expected one that a binding names: ${[...trusted].join(', ') || 'none is named'}`);
}

async function keyFor(keys: IssuerKeys, issuer: string, kid: string): Promise<RsaKey> {
  const key = await keys.find(issuer, kid).catch((cause: unknown): never => {
    throw cause instanceof IssuerKeysError ? refused(`its signature cannot be checked. ${cause.message}`) : cause;
  });
  if (key === null) throw refused(`its key ${JSON.stringify(printable(kid))} is none that ${issuer} publishes now`);
  return key;
}

async function requireSignature(token: string, key: RsaKey): Promise<void> {
  try {
    await compactVerify(token, publicKeyOf(key), { algorithms: ['RS256'] });
  } catch {
    throw refused('its signature is not that of its issuer');
  }
}

function requireTimely({ issued, expires, notBefore }: GithubClaims, now: number): void {
  if (expires <= now - SKEW_SECONDS_MAX) throw refused('it has expired');
  if (notBefore !== null && notBefore > now + SKEW_SECONDS_MAX) throw refused('it is not valid yet');
  if (issued > now + SKEW_SECONDS_MAX) throw refused('it was issued in the future');
  if (expires - issued > TOKEN_SECONDS_MAX || expires < issued) throw refused('it is valid for longer than any token of GitHub');
}

/** INVARIANT (R2): one token, one nonce, one session. Nothing is used up by a token that is refused for another reason. */
function useUp({ gateway, evidenceKey, nonces, usedTokens }: IdentifyGithubSetup, claims: GithubClaims, clientKey: string): string {
  const { issuer, jti, audience, expires } = claims;
  try {
    if (usedTokens.has({ issuer, jti })) throw refused('it was used before');
    const nonce = nonces.take((candidate) => audience === sessionAudience({ gateway, nonce: candidate, clientKey, evidenceKey }));
    if (nonce === null) throw refused(describeAudience(audience, gateway));
    if (!usedTokens.use({ issuer, jti, untilSeconds: expires + 2 * SKEW_SECONDS_MAX })) throw refused('it was used before');
    return nonce;
  } catch (cause) {
    throw cause instanceof UsedTokensError ? refused(`its use cannot be recorded. ${cause.message}`) : cause;
  }
}

function describeAudience(audience: string, gateway: string): string {
  if (!audience.startsWith('duty-gate:session:v1:')) return 'its audience is not that of a session of duty-gate';
  if (!audience.startsWith(`duty-gate:session:v1:${gateway}:`)) return 'its audience is another gateway';
  return 'its audience names other keys than this gateway and the request have, or its nonce is used up';
}

function refused(state: string): ControlError {
  return new ControlError('unauthenticated', `Cannot accept the identity token: ${state}`);
}
