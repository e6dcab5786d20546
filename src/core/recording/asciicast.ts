import { canonicalString } from '#core/audit/canonical-json.ts';
import { parseResize, type RecordingFrame, type TerminalSize } from './frames.ts';

const DEFAULT_SIZE: TerminalSize = { columns: 80, rows: 24 };

/** Lines of the two versions of the format, each with its LF; may be empty. */
export type CastLines = { readonly v2: string; readonly v3: string };

/**
 * Derives asciicast v2 and v3 (docs.asciinema.org/manual/asciicast) from recording frames. The same frames always give the
 * same text, so that a verifier can derive it again. The formats carry UTF-8 only: bytes that are none become U+FFFD here
 * and stay what they are in the frames.
 *
 * An LF of the output that no CR stands before becomes CR LF.
 *
 * The size is that of a resize frame in first place, which gives no event of its own, else 80x24.
 */
export class AsciicastWriter {
  #begun = false;
  /** Time of the last frame, and of the last event. */
  #lastMicros = 0;
  #eventMicros = 0;
  #returned = false;
  #v2 = '';
  #v3 = '';
  readonly #output = utf8Decoder();
  readonly #input = utf8Decoder();

  /** The lines that this frame adds. */
  frame(frame: RecordingFrame): CastLines {
    this.#lastMicros = frame.micros;
    const size = frame.stream === 'resize' ? parseResize(frame.payload) : null;
    if (this.#begun) this.#frame(frame, size);
    else {
      this.#begin(size ?? DEFAULT_SIZE);
      if (size === null) this.#frame(frame, null);
    }
    return this.#taken();
  }

  /** The last lines: what remained of sequences that never ended. */
  end(): CastLines {
    if (!this.#begun) this.#begin(DEFAULT_SIZE);
    this.#text('o', this.#withReturns(this.#output.decode()));
    this.#text('i', this.#input.decode());
    return this.#taken();
  }

  #begin({ columns, rows }: TerminalSize): void {
    this.#begun = true;
    this.#v2 += `{"version":2,"width":${columns},"height":${rows}}\n`;
    this.#v3 += `{"version":3,"term":{"cols":${columns},"rows":${rows}}}\n`;
  }

  #frame({ stream, payload }: RecordingFrame, size: TerminalSize | null): void {
    switch (stream) {
      case 'output':
        return this.#text('o', this.#withReturns(this.#output.decode(payload, { stream: true })));
      case 'input':
        return this.#text('i', this.#input.decode(payload, { stream: true }));
      case 'marker':
        return this.#event('m', utf8Decoder().decode(payload));
      case 'resize':
        if (size !== null) this.#event('r', `${size.columns}x${size.rows}`);
    }
  }

  /** What was recorded off a terminal ends its lines in LF alone; a player would go on below the line's end. */
  #withReturns(text: string): string {
    const lines = text.replace(/\r?\n/g, (end, at) => (at === 0 && end === '\n' && this.#returned ? '\n' : '\r\n'));
    if (text !== '') this.#returned = text.endsWith('\r');
    return lines;
  }

  #text(code: 'o' | 'i', data: string): void {
    if (data !== '') this.#event(code, data);
  }

  #event(code: 'o' | 'i' | 'r' | 'm', data: string): void {
    const rest = `,"${code}",${canonicalString(data)}]\n`;
    this.#v2 += `[${seconds(this.#lastMicros)}${rest}`;
    this.#v3 += `[${seconds(this.#lastMicros - this.#eventMicros)}${rest}`;
    this.#eventMicros = this.#lastMicros;
  }

  #taken(): CastLines {
    const lines = { v2: this.#v2, v3: this.#v3 };
    this.#v2 = '';
    this.#v3 = '';
    return lines;
  }
}

function utf8Decoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
}

/** Decimal seconds, written from whole microseconds: no floating point, no trailing zeros, no exponent. */
function seconds(micros: number): string {
  const fraction = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.floor(micros / 1_000_000)}${fraction === '' ? '' : `.${fraction}`}`;
}
