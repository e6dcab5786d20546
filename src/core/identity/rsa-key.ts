import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import { decodeBase64url } from './base64url.ts';

/** A public key that an issuer signs with, RS256 (RFC 7518 section 3.3). */
export type RsaKey = { readonly kid: string; readonly n: string; readonly e: string };

const MODULUS_BITS_MIN = 2048; // RFC 7518 section 3.3
/** Larger ones only cost time. */
const MODULUS_BITS_MAX = 8192;
const EXPONENT_MIN = 65_537;
const EXPONENT_BYTES_MAX = 4;

/** A JWK (RFC 7517) that is meant for nothing but signatures with RS256; other members are passed over, private ones too. */
const SigningJwk = z.object({
  kty: z.literal('RSA'),
  use: z.literal('sig'),
  alg: z.literal('RS256').optional(),
  kid: z.string().min(1).max(256),
  n: z.string().refine((n) => isWithin(bitsOf(n), MODULUS_BITS_MIN, MODULUS_BITS_MAX)),
  e: z.string().refine(isExponent),
});

/** The keys of a set that signatures may be checked with. The others are left out, and so is each id that stands for two keys. */
export function signingKeys(set: readonly unknown[]): readonly RsaKey[] {
  const keys = set.flatMap((each) => {
    const parsed = SigningJwk.safeParse(each);
    return parsed.success ? [{ kid: parsed.data.kid, n: parsed.data.n, e: parsed.data.e }] : [];
  });
  const unique = new Map(keys.map((key) => [`${key.kid}\n${key.n}\n${key.e}`, key]));
  const byKid = Map.groupBy(unique.values(), ({ kid }) => kid);
  return [...byKid.values()].flatMap((same) => (same.length === 1 ? same : []));
}

export function publicKeyOf({ n, e }: RsaKey): KeyObject {
  return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
}

/** Whether `signature` is the key's over `input`: RSASSA-PKCS1-v1_5 with SHA-256. */
export function isRs256SignedBy(key: RsaKey, input: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify('RSA-SHA256', input, publicKeyOf(key), signature);
  } catch {
    return false; // numbers that OpenSSL takes for no key
  }
}

/** Of a number without leading zeros (RFC 7518 section 2, Base64urlUInt); 0 for what is none. */
function bitsOf(text: string): number {
  const bytes = decodeBase64url(text);
  const first = bytes?.[0] ?? 0;
  return bytes === null || first === 0 ? 0 : bytes.length * 8 - (Math.clz32(first) - 24);
}

function isExponent(text: string): boolean {
  const bits = bitsOf(text);
  const bytes = decodeBase64url(text);
  if (bits === 0 || bytes === null || bytes.length > EXPONENT_BYTES_MAX) return false;
  const value = bytes.readUIntBE(0, bytes.length);
  return value >= EXPONENT_MIN && value % 2 === 1;
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
