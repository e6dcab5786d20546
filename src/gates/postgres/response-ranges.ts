import type { ConversationEffect } from '#gates/gate.ts';
import type { Run } from './expectations.ts';

type Range = { readonly run: Run; readonly frames: Buffer; readonly start: number; end: number };

/**
 * Which bytes on their way to the client are whose response. Ranges that follow one another become one: rows come by the
 * thousand, and what is kept of them is kept piece by piece.
 */
export class ResponseRanges {
  #last: Range | null = null;

  /** A range of `frames` is of this run's response. Answers what came before it, when that is another one. */
  add(run: Run, frames: Buffer, start: number, end: number): ConversationEffect | null {
    const last = this.#last;
    if (last !== null && last.run === run && last.frames === frames && last.end === start) {
      last.end = end;
      return null;
    }
    const before = this.take();
    this.#last = { run, frames, start, end };
    return before;
  }

  /** What has come so far and was not answered yet. */
  take(): ConversationEffect | null {
    const last = this.#last;
    if (last === null) return null;
    this.#last = null;
    const { run, frames, start, end } = last;
    return { kind: 'response', decisionId: run.decisionId, bytes: frames.subarray(start, end) };
  }
}
