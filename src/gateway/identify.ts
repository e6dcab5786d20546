import { ControlError } from '#control/fault.ts';
import { verifyLocalToken } from '#control/local-token.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { claimStrings } from '#core/identity/claims.ts';
import type { Visibility } from '#core/policy/keeps.ts';
import type { Claims } from '#core/policy/policy.ts';
import type { Nonces } from './nonces.ts';

/** Who opens a session, as far as their issuer vouches for it. */
export type Identity = {
  /** `local`, or the issuer of the token. */
  readonly issuer: string;
  readonly principal: string;
  /** What bindings are matched against. */
  readonly claims: Claims;
  /** The token's own claims, for the record. */
  readonly tokenClaims: Readonly<Record<string, string>>;
  readonly token: string;
  /** Until when others might take the token for good, milliseconds since 1970; null: nobody else would. */
  readonly tokenExpiresMs: number | null;
  /** Who can read the evidence. */
  readonly visibility: Visibility;
  readonly nonce: string;
  readonly clientKey: string;
};

export type IdentifySetup = {
  readonly gateway: string;
  readonly evidenceKey: string;
  readonly nonces: Nonces;
  /** Who runs the gateway: with issuer `local`, the only one that may open a session. */
  readonly user: string;
  readonly nowMs: () => number;
};

/**
 * Checks an identity token of issuer `local` against the key that signed the request and a nonce of ours. The nonce is used
 * up by it, so neither the token nor its `jti` can come again.
 *
 * @throws ControlError `unauthenticated`
 */
export async function identify(setup: IdentifySetup, token: string, clientKey: string): Promise<Identity> {
  const verified = await verifyLocalToken(token, setup.nowMs());
  if (verified === null) throw refused('it is not a timely token of issuer local');
  const { claims, thumbprint } = verified;
  if (thumbprint !== clientKey) throw refused('it was made with another key than the request');
  // Self-signed: the name in it is worth what the operating system says of this process, which only its own user can reach.
  if (claims.sub !== setup.user) throw refused('it is of another user than the gateway');
  const nonce = setup.nonces.take((candidate) => claims.aud === audience(setup, candidate, clientKey));
  if (nonce === null) throw refused('its audience is another, or its nonce is used up');
  return {
    issuer: 'local',
    principal: `local:${claims.sub}`,
    claims: { issuer: 'local', actor: claims.sub },
    tokenClaims: claimStrings(claims),
    token,
    tokenExpiresMs: null,
    visibility: 'private',
    nonce,
    clientKey,
  };
}

function audience({ gateway, evidenceKey }: IdentifySetup, nonce: string, clientKey: string): string {
  return sessionAudience({ gateway, nonce, clientKey, evidenceKey });
}

function refused(state: string): ControlError {
  return new ControlError('unauthenticated', `Cannot accept the identity token: ${state}, expected one made for this opening`);
}
