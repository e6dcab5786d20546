import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { type ChainClaims, chainSigningInput } from '#core/chain/chain-token.ts';
import { Ed25519Jwk } from '#core/identity/ed25519.ts';

/** The evidence key's word for a chain: a compact JWS, which readChainToken reads. */
export function signChain(claims: ChainClaims, evidenceKey: KeyObject, nowMs: number): string {
  const key = Ed25519Jwk.parse(createPublicKey(evidenceKey).export({ format: 'jwk' }));
  const input = chainSigningInput(claims, key, Math.floor(nowMs / 1000));
  return `${input}.${sign(null, Buffer.from(input, 'latin1'), evidenceKey).toString('base64url')}`;
}
