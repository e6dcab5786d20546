import type { Checkpoints } from '#adapters/files/checkpoints.ts';

/** How often the evidence key signs a chain that has grown, and how often whoever watches the session is told so. */
export const ENTERED_EVERY_MS = 60_000;
export const TOLD_EVERY_ROUNDS = 5;

/** Enters checkpoints while a session lasts, and tells of some: what stands in a log cannot be taken back (R36). */
export class CheckpointRounds {
  readonly #checkpoints: Checkpoints;
  readonly #entries: () => number;
  readonly #watchers = new Set<(text: string) => void>();
  readonly #timer: NodeJS.Timeout;
  #entered = 0;
  #rounds = 0;

  /** @param entries how many lines the chain has. */
  constructor(checkpoints: Checkpoints, entries: () => number) {
    this.#checkpoints = checkpoints;
    this.#entries = entries;
    this.#timer = setInterval(() => this.#round(), ENTERED_EVERY_MS).unref();
  }

  /** One now. Null when nothing can be kept any more. */
  enter(): string | null {
    const text = this.#checkpoints.enter();
    this.#entered = this.#entries();
    return text;
  }

  /** @returns a function that tells it no more. */
  watch(tell: (text: string) => void): () => void {
    this.#watchers.add(tell);
    return () => void this.#watchers.delete(tell);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #round(): void {
    this.#rounds += 1;
    if (this.#entries() === this.#entered) return;
    const text = this.enter();
    if (text !== null && this.#rounds % TOLD_EVERY_ROUNDS === 0) for (const tell of this.#watchers) tell(text);
  }
}
