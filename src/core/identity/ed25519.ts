import { createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '#core/audit/canonical-json.ts';
import { sha256Base64url } from '#core/audit/sha256.ts';
import { decodeBase64url } from './base64url.ts';

/** An Ed25519 public key as a JWK (RFC 8037), with nothing else in it. */
export const Ed25519Jwk = z.strictObject({
  crv: z.literal('Ed25519'),
  kty: z.literal('OKP'),
  /** 32 bytes, base64url in its only spelling. */
  x: z.string().refine((x) => decodeBase64url(x)?.length === 32, 'expected 32 bytes in strict base64url'),
});
export type Ed25519Jwk = z.infer<typeof Ed25519Jwk>;

/** RFC 7638 thumbprint: base64url SHA-256 over the required members, sorted. 43 characters. */
export function ed25519Thumbprint({ crv, kty, x }: Ed25519Jwk): string {
  return sha256Base64url(canonicalJson({ crv, kty, x }));
}

/** RFC 8032, 5.1.3: one spelling for each point, which not every library insists on. */
function isCanonicalPoint(bytes: Buffer): boolean {
  const sign = (bytes[31] ?? 0) >> 7;
  const y = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  return y < P && !(sign === 1 && (y === 1n || y === P - 1n));
}

const P = 2n ** 255n - 19n;

/** Whether `signature` (64 bytes) is the key's over `content`. OpenSSL refuses an S past the group's order: not malleable. */
export function isSignedBy(key: Ed25519Jwk, content: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isCanonicalPoint(Buffer.from(key.x, 'base64url'))) return false;
  try {
    return verify(null, content, createPublicKey({ key, format: 'jwk' }), signature);
  } catch {
    return false; // 32 bytes that are no point of the curve
  }
}
