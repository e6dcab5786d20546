import type { RecordingFrame } from './frames.ts';
import { SafeTerminal } from './safe-terminal.ts';

export type Pace = {
  /** 2 is twice as fast. */
  readonly speed: number;
  /** Longest pause, in recorded time; null for as long as it was. */
  readonly idleMsMax: number | null;
  /** No pauses at all. */
  readonly instant: boolean;
};

/** What to show of a frame, and how long to wait before. */
export type Shown = { readonly waitMs: number; readonly text: string };

/** Turns frames into what a reader's terminal may be sent: output only (what was typed is echoed in it), made safe. */
export class Playback {
  readonly #pace: Pace;
  readonly #terminal = new SafeTerminal();
  readonly #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  #lastMicros: number | null = null;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  frame({ micros, stream, payload }: RecordingFrame): Shown | null {
    if (stream !== 'output') return null;
    const pauseMs = this.#lastMicros === null ? 0 : (micros - this.#lastMicros) / 1000;
    this.#lastMicros = micros;
    return { waitMs: this.#wait(pauseMs), text: this.#terminal.filter(this.#decoder.decode(payload, { stream: true })) };
  }

  #wait(pauseMs: number): number {
    const { instant, idleMsMax, speed } = this.#pace;
    return instant ? 0 : Math.min(pauseMs, idleMsMax ?? pauseMs) / speed;
  }
}
