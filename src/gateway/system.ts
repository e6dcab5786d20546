import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from '#session/ports.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMicros: () => Math.round(performance.now() * 1000),
};

const ID_BYTES = 16;
/** Ids drawn at once: one for every statement, and the kernel is asked once for many. */
const IDS_A_DRAW = 256;

/** 128 random bits, base64url. */
export function randomIds(): Ids {
  let pool = Buffer.alloc(0);
  return {
    next() {
      if (pool.length === 0) pool = randomBytes(ID_BYTES * IDS_A_DRAW);
      const id = pool.toString('base64url', 0, ID_BYTES);
      pool = pool.subarray(ID_BYTES);
      return id;
    },
  };
}
