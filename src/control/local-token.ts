import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { SigningKey } from './keys.ts';
import { signSelfContained, verifySelfContained } from './keys.ts';
import { localUserName } from './local-user.ts';

/**
 * Identity tokens of the issuer `local`: off GitHub nobody vouches for anybody, so the client signs for itself with the
 * session's key. The shape is that of an OIDC token, so that opening a session is the same everywhere; what it is worth is
 * what a policy says by binding `issuer: local`, and `verify` calls such a bundle unanchored (R1).
 */
export const LOCAL_TOKEN_SECONDS_MAX = 300;
/** A machine's clock may be set back between the minting and the check. */
const SKEW_SECONDS_MAX = 60;

const LocalClaims = z.strictObject({
  iss: z.literal('local'),
  sub: z.string().min(1).max(256),
  aud: z.string().max(256),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(16).max(128),
});
export type LocalClaims = z.infer<typeof LocalClaims>;

/** A Mint (client.ts) for this machine's user. */
export function mintLocally(audience: string, key: SigningKey): Promise<string> {
  return mintLocalToken(key, { user: localUserName(), audience }, Date.now(), randomUUID());
}

export type LocalIdentity = { readonly user: string; readonly audience: string };

export function mintLocalToken(key: SigningKey, identity: LocalIdentity, nowMs: number, jti: string): Promise<string> {
  const iat = Math.floor(nowMs / 1000);
  const claims: LocalClaims = { iss: 'local', sub: identity.user, aud: identity.audience, iat, exp: iat + LOCAL_TOKEN_SECONDS_MAX, jti };
  return signSelfContained(key, 'JWT', claims);
}

/** @returns null when it is not a token of issuer `local` that is good at this time. The audience is the caller's to check. */
export async function verifyLocalToken(token: string, nowMs: number): Promise<{ claims: LocalClaims; thumbprint: string } | null> {
  const verified = await verifySelfContained(token, 'JWT');
  const claims = LocalClaims.safeParse(verified?.payload);
  if (verified === null || !claims.success) return null;
  const now = Math.floor(nowMs / 1000);
  const { iat, exp } = claims.data;
  const timely = iat <= now + SKEW_SECONDS_MAX && exp > now && exp - iat <= LOCAL_TOKEN_SECONDS_MAX;
  return timely ? { claims: claims.data, thumbprint: verified.thumbprint } : null;
}
