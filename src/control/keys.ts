import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import * as z from 'zod';
import { decodeBase64url } from '#core/identity/base64url.ts';
import { Ed25519Jwk, ed25519Thumbprint } from '#core/identity/ed25519.ts';

/** An Ed25519 key made for one session or one gateway. A gateway's lives in its memory and nowhere else. */
export type SigningKey = {
  readonly privateKey: KeyObject;
  readonly publicJwk: Ed25519Jwk;
  /** RFC 7638, SHA-256, base64url: 43 characters. */
  readonly thumbprint: string;
};

export function createSigningKey(): SigningKey {
  return signingKey(generateKeyPairSync('ed25519').privateKey);
}

/** The key that `exportKey` wrote. @throws when it is none. */
export function importKey(pkcs8: string): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('the key is of another kind than Ed25519');
  return signingKey(privateKey);
}

/** PKCS #8 (RFC 8410), base64: for a file that only its owner may read. */
export function exportKey(key: SigningKey): string {
  return key.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const publicJwk = Ed25519Jwk.parse(publicKey.export({ format: 'jwk' }));
  return { privateKey, publicJwk, thumbprint: ed25519Thumbprint(publicJwk) };
}

/** A compact JWS that carries the key it is signed with: it proves who holds the key, and nothing else. */
export function signSelfContained(key: SigningKey, typ: string, payload: Readonly<Record<string, unknown>>): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ, jwk: key.publicJwk })
    .sign(key.privateKey);
}

/**
 * @param jws from anybody.
 * @returns its payload, still unjudged, and the thumbprint of the key that signed it; null when anything about it is wrong.
 */
export async function verifySelfContained(jws: string, typ: string): Promise<{ payload: unknown; thumbprint: string } | null> {
  try {
    // One spelling for each token: the library takes several for the same bytes.
    if (!jws.split('.').every((part) => decodeBase64url(part) !== null)) return null;
    // Strict: no `crit`, `b64`, `jku`, `x5c` or other way to bring in another key or another reading of the payload.
    const header = z.strictObject({ alg: z.literal('EdDSA'), typ: z.literal(typ), jwk: Ed25519Jwk }).parse(decodeProtectedHeader(jws));
    const key = createPublicKey({ key: header.jwk, format: 'jwk' });
    const { payload } = await compactVerify(jws, key, { algorithms: ['EdDSA'] });
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return { payload: JSON.parse(text), thumbprint: ed25519Thumbprint(header.jwk) };
  } catch {
    return null;
  }
}
