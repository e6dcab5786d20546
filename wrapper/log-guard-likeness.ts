import { isLineEnd, isWhiteSpace } from './log-guard-place.ts';

/** How each of our own lines begins (`say`), before a blank. */
const OURS = Buffer.from('duty-gate:');
/** How a checkpoint begins (docs/evidence.md, "Checkpoints in the log"). */
const CHECKPOINT = Buffer.from('dgc1.');

const BELL = 0x07;
const ESCAPE = 0x1b;
const CSI = 0x9b;

/**
 * Recognizes what would pass for our word (R36) in printed bytes, one at a time and holding none:
 * - `duty-gate:` and white space, in any case, anywhere in a line, whatever a reader would not see between its letters:
 *   control characters, ANSI escapes, characters without width. Letters that merely look alike (Cyrillic, full width) are not
 *   looked for: no list of them is ever whole.
 * - `dgc1.`, exactly: where `verify --log` looks for checkpoints, of which it takes up to a limit.
 */
export class Likeness {
  #matched = 0;
  #checkpoint = 0;
  #unseen: 'none' | 'escape' | 'sequence' | 'string' = 'none';
  #point = 0;
  #pointBytesLeft = 0;

  /** Nothing has begun: a byte for which `beginsLikeness` is false changes nothing. */
  get isIdle(): boolean {
    return this.#matched === 0 && this.#checkpoint === 0;
  }

  /** True when this byte completes one: a mark behind it breaks the likeness. */
  isCompletedBy(byte: number): boolean {
    // Not &&: both must see the byte.
    const isCheckpoint = this.#completesCheckpoint(byte);
    return this.#completesOurs(byte) || isCheckpoint;
  }

  #completesCheckpoint(byte: number): boolean {
    this.#checkpoint = byte === CHECKPOINT[this.#checkpoint] ? this.#checkpoint + 1 : byte === CHECKPOINT[0] ? 1 : 0;
    if (this.#checkpoint < CHECKPOINT.length) return false;
    this.#checkpoint = 0;
    return true;
  }

  #completesOurs(byte: number): boolean {
    if (isLineEnd(byte)) return this.#restart();
    if (this.#matched === 0) return this.#letter(byte);
    if (this.#unseen !== 'none') return this.#swallow(byte);
    if (this.#pointBytesLeft > 0) return this.#continue(byte);
    if (byte >= 0x80) return this.#lead(byte);
    if (byte === ESCAPE) this.#unseen = 'escape';
    else if (this.#matched === OURS.length && isWhiteSpace(byte)) return this.#complete();
    else if (!isControl(byte)) return this.#letter(byte);
    return false;
  }

  /** Only the first letter is `d`: none of what was matched can be the beginning of another match. */
  #letter(byte: number): boolean {
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lower === OURS[this.#matched]) this.#matched += 1;
    else this.#matched = lower === OURS[0] ? 1 : 0;
    return false;
  }

  /** ECMA-48: ESC, intermediates, a final byte; ESC [, parameters, a final byte; ESC ], P, X, ^ or _ up to BEL or ESC. */
  #swallow(byte: number): boolean {
    if (byte === ESCAPE) this.#unseen = 'escape';
    else if (this.#unseen === 'string') this.#unseen = byte === BELL ? 'none' : 'string';
    else if (this.#unseen === 'escape' && byte === 0x5b) this.#unseen = 'sequence';
    else if (this.#unseen === 'escape' && isStringOpener(byte)) this.#unseen = 'string';
    else if (byte >= (this.#unseen === 'sequence' ? 0x40 : 0x30)) this.#unseen = 'none';
    return false;
  }

  #lead(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return this.#restart();
    const more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#pointBytesLeft = more;
    this.#point = byte & (0x3f >> more);
    return false;
  }

  #continue(byte: number): boolean {
    if ((byte & 0xc0) !== 0x80) {
      this.#restart();
      return this.#letter(byte);
    }
    this.#point = (this.#point << 6) | (byte & 0x3f);
    this.#pointBytesLeft -= 1;
    if (this.#pointBytesLeft > 0) return false;
    if (this.#point === CSI) this.#unseen = 'sequence';
    else if (this.#matched === OURS.length && isWhiteSpace(this.#point)) return this.#complete();
    else if (!isWidthless(this.#point)) return this.#restart();
    return false;
  }

  #complete(): boolean {
    this.#restart();
    return true;
  }

  #restart(): boolean {
    this.#matched = 0;
    this.#pointBytesLeft = 0;
    this.#unseen = 'none';
    return false;
  }
}

/** Whether a byte begins a likeness if `next` follows it. */
export function beginsLikeness(byte: number, next: number): boolean {
  if (byte !== 0x64 && byte !== 0x44) return false;
  return next === 0x75 || next === 0x55 || (byte === 0x64 && next === 0x67) || next >= 0x80 || isControl(next);
}

function isControl(byte: number): boolean {
  return (byte < 0x20 && byte !== 0x09) || byte === 0x7f;
}

function isStringOpener(byte: number): boolean {
  return byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f;
}

const WIDTHLESS = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]$/u;
function isWidthless(point: number): boolean {
  return point <= 0x10ffff && WIDTHLESS.test(String.fromCodePoint(point));
}
