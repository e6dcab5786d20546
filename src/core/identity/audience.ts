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

export type ApprovalPreimage = {
  readonly gateway: string;
  /** Id of the request: of one hold. */
  readonly request: string;
  /** SHA-256 of the canonical operation. */
  readonly operation: string;
  /** Id of the run that asked the reviewers. */
  readonly run: string;
  /** GitHub's numeric ids of who approved. */
  readonly approvers: readonly string[];
};

/**
 * The audience that a session's token is made for: `duty-gate:session:v1:<gateway>:<hash>`, the hash being base64url
 * SHA-256 over canonical JSON of `{clientKey, evidenceKey, gateway, nonce, v: 1}`. Whoever signs the token signs these keys.
 */
export function sessionAudience({ gateway, nonce, clientKey, evidenceKey }: AudiencePreimage): string {
  return `duty-gate:session:v1:${named(gateway)}:${sha256Base64url(canonicalJson({ clientKey, evidenceKey, gateway, nonce, v: 1 }))}`;
}

/**
 * The audience that a receipt is made for (R8): `duty-gate:approve:v1:<gateway>:<hash>`, the hash being base64url SHA-256 over
 * canonical JSON of `{approvers, gateway, operation, request, run, v: 1}`.
 */
export function approvalAudience({ gateway, ...approved }: ApprovalPreimage): string {
  return `duty-gate:approve:v1:${named(gateway)}:${sha256Base64url(canonicalJson({ ...approved, gateway, v: 1 }))}`;
}

/** The name stands between colons: one with a colon of its own could pass for another gateway's audience. */
function named(gateway: string): string {
  if (GATEWAY_NAME.test(gateway)) return gateway;
  throw new RangeError('Cannot build the audience: the gateway is misnamed, expected [A-Za-z0-9._-]{1,64}');
}
