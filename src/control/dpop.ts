import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { SigningKey } from './keys.ts';
import { signSelfContained, verifySelfContained } from './keys.ts';

/**
 * Proofs of possession, RFC 9449: each request is signed by the key that the session is bound to, so a session token
 * that somebody else got hold of opens nothing.
 */
export const PROOF_CHARACTERS_MAX = 4096;
/** How far a proof's time may be from the verifier's clock (RFC 9449, 11.1). */
export const PROOF_AGE_SECONDS_MAX = 60;

/** The request a proof is for. */
export type ProofTarget = {
  readonly method: string;
  readonly uri: string;
  /** The session token it goes with; null for the opening. */
  readonly token: string | null;
};

/** A verified proof: who made it, and the id that makes it single-use. */
export type Proof = { readonly thumbprint: string; readonly jti: string };

const Claims = z.strictObject({
  htm: z.string(),
  htu: z.string(),
  iat: z.int(),
  jti: z.string().min(16).max(128),
  ath: z.string().optional(),
});

/**
 * The `htu` of a request. Its authority is the gateway's name, not an address: on a Unix socket there is none, and a proof
 * made for one gateway is then worth nothing at another.
 */
export function targetUri(gateway: string, path: string): string {
  return `https://${gateway}${path}`;
}

export function makeProof(key: SigningKey, target: ProofTarget, nowMs: number, jti: string): Promise<string> {
  const claims = { htm: target.method, htu: target.uri, iat: Math.floor(nowMs / 1000), jti };
  return signSelfContained(key, 'dpop+jwt', target.token === null ? claims : { ...claims, ath: tokenHash(target.token) });
}

/** @returns null when the proof is not for this request, this token and this time. Replays are the caller's to refuse. */
export async function verifyProof(proof: string, target: ProofTarget, nowMs: number): Promise<Proof | null> {
  if (proof.length > PROOF_CHARACTERS_MAX) return null;
  const verified = await verifySelfContained(proof, 'dpop+jwt');
  const claims = Claims.safeParse(verified?.payload);
  if (verified === null || !claims.success) return null;
  const { htm, htu, iat, jti, ath } = claims.data;
  const expectedHash = target.token === null ? undefined : tokenHash(target.token);
  const timely = Math.abs(Math.floor(nowMs / 1000) - iat) <= PROOF_AGE_SECONDS_MAX;
  if (htm !== target.method || htu !== target.uri || ath !== expectedHash || !timely) return null;
  return { thumbprint: verified.thumbprint, jti };
}

/** RFC 9449, 4.2: `ath`. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token, 'ascii').digest('base64url');
}

/** Ids remembered at once: more proofs than a client can need in twice the window. */
export const REMEMBERED_PROOFS_MAX = 20_000;

/** Remembers each proof for as long as it could be used again. Full means refused, never forgotten (P2). */
export class ReplayCache {
  readonly #seenUntilMs = new Map<string, number>();

  /** @returns false when the proof was used before, or when no more can be remembered. */
  use(proof: Proof, nowMs: number): boolean {
    this.#forget(nowMs);
    const id = `${proof.thumbprint} ${proof.jti}`;
    if (this.#seenUntilMs.has(id) || this.#seenUntilMs.size >= REMEMBERED_PROOFS_MAX) return false;
    // A proof may be dated a window ahead, and is then good for two.
    this.#seenUntilMs.set(id, nowMs + 2 * (PROOF_AGE_SECONDS_MAX + 1) * 1000);
    return true;
  }

  /** A Map keeps the order of insertion, and all live equally long: the oldest are first. */
  #forget(nowMs: number): void {
    for (const [id, untilMs] of this.#seenUntilMs) {
      if (untilMs > nowMs) return;
      this.#seenUntilMs.delete(id);
    }
  }
}
