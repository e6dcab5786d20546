import { AsciicastWriter } from '#core/recording/asciicast.ts';
import { encodeResize, FrameDecoder, FrameFault, parseResize, type RecordingFrame } from '#core/recording/frames.ts';
import { Playback } from '#core/recording/playback.ts';

/**
 * What a player in a page is given of one recording. Recordings come from the wrapped command, which may have been written to stall
 * whoever opens the report; so each has a maximum of text, of screen, of changes of its size, and of drawing.
 */
export const CAST_CHARACTERS_MAX = 8 * 1024 * 1024;
export const COLUMNS_MAX = 500;
export const ROWS_MAX = 200;
export const RESIZES_MAX = 1000;
/** Cells that control sequences may draw beyond the text: some have a player draw a whole screen for four bytes. */
export const CELLS_DRAWN_MAX = 50_000_000;

export type TerminalCast = {
  /** asciicast v2, output only, with nothing but what draws (as `replay`, R37). */
  readonly text: string;
  /** Why it ends before the recording does, in words. */
  readonly cut: string | null;
};

/** Takes the bytes of a `terminal.rec` in pieces. */
export class TerminalCastMaker {
  readonly #charactersMax: number;
  readonly #decoder = new FrameDecoder();
  readonly #playback = new Playback({ speed: 1, idleMsMax: null, instant: true });
  readonly #writer = new AsciicastWriter();
  #text = '';
  #cut: string | null = null;
  #cells = DEFAULT_CELLS;
  #drawn = 0;
  #resizes = 0;

  constructor(charactersMax: number = CAST_CHARACTERS_MAX) {
    this.#charactersMax = Math.min(charactersMax, CAST_CHARACTERS_MAX);
  }

  push(piece: Uint8Array): void {
    if (this.#cut !== null) return;
    try {
      for (const frame of this.#decoder.push(piece)) this.#frame(frame);
    } catch (cause) {
      if (!(cause instanceof FrameFault)) throw cause;
      this.#cut = 'the rest of it is no recording';
    }
  }

  end(): TerminalCast {
    return { text: this.#text + (this.#cut === null ? this.#writer.end().v2 : ''), cut: this.#cut };
  }

  #frame(frame: RecordingFrame): void {
    if (this.#cut !== null) return;
    const safe = frame.stream === 'output' ? this.#output(frame) : frame.stream === 'resize' ? this.#resize(frame) : null;
    if (safe === null) return;
    const lines = this.#writer.frame(safe).v2;
    if (this.#text.length + lines.length > this.#charactersMax) this.#cut = 'the rest of it is too long for this page';
    else if (this.#drawn > CELLS_DRAWN_MAX) this.#cut = 'the rest of it draws too much for this page';
    else this.#text += lines;
  }

  /** Null where nothing of it draws. What was typed is echoed in the output, and markers are of later versions: neither is shown. */
  #output(frame: RecordingFrame): RecordingFrame | null {
    const text = this.#playback.frame(frame)?.text ?? '';
    for (const [, body = '', final = ''] of text.matchAll(SEQUENCE)) this.#drawn += this.#cellsOf(body, final);
    return text === '' ? null : { ...frame, payload: Buffer.from(text, 'utf8') };
  }

  #cellsOf(body: string, final: string): number {
    if (final === 'J' || final === 'h' || final === 'l') return this.#cells;
    return MANY_AT_ONCE.has(final) ? Math.max(1, Number.parseInt(body, 10) || 1) : 1;
  }

  #resize(frame: RecordingFrame): RecordingFrame | null {
    const size = parseResize(frame.payload);
    this.#resizes += 1;
    if (size === null || this.#resizes > RESIZES_MAX) return null;
    const [columns, rows] = [Math.min(size.columns, COLUMNS_MAX), Math.min(size.rows, ROWS_MAX)];
    this.#cells = columns * rows;
    this.#drawn += this.#cells;
    const encoded = encodeResize(frame.micros, columns, rows);
    return { ...frame, payload: encoded.subarray(encoded.length - `${columns}x${rows}`.length) };
  }
}

const DEFAULT_CELLS = 80 * 24;

/** A control sequence that came through the filter. */
const SEQUENCE = /\x1b\[([?0-9;:]*)([A-Za-z@`])/g;
/** Repeat, scroll, insert and delete: as many times as they say. */
const MANY_AT_ONCE = new Set('bSTLM@PXIZ');
