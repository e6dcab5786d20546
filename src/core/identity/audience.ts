import { canonicalJson } from '#core/audit/canonical-json.ts';
import { sha256Base64url } from '#core/audit/sha256.ts';

export type AudiencePreimage = {
  /** `[A-Za-z0-9._-]{1,64}`: a service's registered name; embedded: the evidence key's thumbprint. */
  readonly gateway: string;
  /** Made by the gateway for one session. */
  readonly nonce: string;
  /** RFC 7638 thumbprints (base64url SHA-256) of the client's key and of the key that signs the evidence. */
  readonly clientKey: string;
  readonly evidenceKey: string;
};

const GATEWAY_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The audience that a session's token is made for: `duty-gate:session:v1:<gateway>:<hash>`, the hash being base64url
 * SHA-256 over canonical JSON of `{clientKey, evidenceKey, gateway, nonce, v: 1}`. Whoever signs the token signs these keys.
 */
export function sessionAudience({ gateway, nonce, clientKey, evidenceKey }: AudiencePreimage): string {
  // The name stands between colons: one with a colon of its own could pass for another gateway's audience.
  if (!GATEWAY_NAME.test(gateway))
    throw new RangeError('Cannot build the audience: the gateway is misnamed, expected [A-Za-z0-9._-]{1,64}');
  return `duty-gate:session:v1:${gateway}:${sha256Base64url(canonicalJson({ clientKey, evidenceKey, gateway, nonce, v: 1 }))}`;
}
