import { canonicalString } from '#core/audit/canonical-json.ts';
import { parseResize, type RecordingFrame, type TerminalSize } from './frames.ts';

const DEFAULT_SIZE: TerminalSize = { columns: 80, rows: 24 };

/**
 * Derives asciicast v2 (docs.asciinema.org/manual/asciicast/v2) from recording frames. The same frames always give the
 * same text, so that a verifier can derive it again. The format carries UTF-8 only: bytes that are none become U+FFFD here
 * and stay what they are in the frames.
 *
 * An LF of the output that no CR stands before becomes CR LF.
 *
 * The size is that of a resize frame in first place, which gives no event of its own, else 80x24.
 */
export class AsciicastWriter {
  #begun = false;
  #lastMicros = 0;
  #returned = false;
  readonly #output = utf8Decoder();
  readonly #input = utf8Decoder();

  /** The lines, each with its LF, that this frame adds; may be empty. */
  frame(frame: RecordingFrame): string {
    this.#lastMicros = frame.micros;
    const size = frame.stream === 'resize' ? parseResize(frame.payload) : null;
    if (!this.#begun) {
      this.#begun = true;
      return size === null ? header(DEFAULT_SIZE) + this.#event(frame, null) : header(size);
    }
    return this.#event(frame, size);
  }

  /** The last lines: what remained of sequences that never ended. */
  end(): string {
    const start = this.#begun ? '' : header(DEFAULT_SIZE);
    return (
      start + event(this.#lastMicros, 'o', this.#withReturns(this.#output.decode())) + event(this.#lastMicros, 'i', this.#input.decode())
    );
  }

  /** What was recorded off a terminal ends its lines in LF alone; a player would go on below the line's end. */
  #withReturns(text: string): string {
    const lines = text.replace(/\r?\n/g, (end, at) => (at === 0 && end === '\n' && this.#returned ? '\n' : '\r\n'));
    if (text !== '') this.#returned = text.endsWith('\r');
    return lines;
  }

  #event({ micros, stream, payload }: RecordingFrame, size: TerminalSize | null): string {
    switch (stream) {
      case 'output':
        return event(micros, 'o', this.#withReturns(this.#output.decode(payload, { stream: true })));
      case 'input':
        return event(micros, 'i', this.#input.decode(payload, { stream: true }));
      case 'marker':
        return `[${seconds(micros)},"m",${canonicalString(utf8Decoder().decode(payload))}]\n`;
      case 'resize':
        return size === null ? '' : event(micros, 'r', `${size.columns}x${size.rows}`);
    }
  }
}

function utf8Decoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
}

function header({ columns, rows }: TerminalSize): string {
  return `{"version":2,"width":${columns},"height":${rows}}\n`;
}

function event(micros: number, code: 'o' | 'i' | 'r', data: string): string {
  return data === '' ? '' : `[${seconds(micros)},"${code}",${canonicalString(data)}]\n`;
}

/** Decimal seconds, written from whole microseconds: no floating point, no trailing zeros, no exponent. */
function seconds(micros: number): string {
  const fraction = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.floor(micros / 1_000_000)}${fraction === '' ? '' : `.${fraction}`}`;
}
