import { randomBytes, timingSafeEqual } from 'node:crypto';

export type CancelKey = { readonly processId: number; readonly key: Buffer };

/**
 * The keys that clients are given in place of the server's own, each for one live connection. A cancel request arrives on a
 * connection of its own, and is honoured only with a key of the same gate.
 */
export class CancelKeys<Live> {
  readonly #live = new Map<number, { readonly key: Buffer; readonly value: Live }>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** `keyBytes`: 4 in protocol 3.0, up to 256 in 3.2. */
  add(keyBytes: number, value: Live): CancelKey {
    if (this.#live.size >= this.#max) throw new Error(`Cannot add a cancel key: ${this.#max} are in use`);
    let processId = 0;
    do processId = randomBytes(4).readUInt32BE() >>> 1;
    while (processId === 0 || this.#live.has(processId));
    const key = randomBytes(keyBytes);
    this.#live.set(processId, { key, value });
    return { processId, key };
  }

  find(processId: number, key: Buffer): Live | null {
    const found = this.#live.get(processId);
    return found !== undefined && found.key.length === key.length && timingSafeEqual(found.key, key) ? found.value : null;
  }

  remove({ processId }: CancelKey): void {
    this.#live.delete(processId);
  }
}
