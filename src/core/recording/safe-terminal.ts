/** Longest body of one control sequence that is looked at, and of one control string that is swallowed. */
export const SEQUENCE_CHARS_MAX = 64;
export const STRING_CHARS_MAX = 64 * 1024;

/**
 * Lets through of a recorded terminal's output what only draws (R37): text, colours, cursor moves, erasing. All else is
 * dropped: what makes a terminal answer (DA, DSR, DECRQSS, ENQ), keep state (titles, palettes, clipboards, key and mouse
 * modes) or run something (DCS). The recorded bytes come from the wrapped command, which may have been written to attack
 * whoever replays them. An allow-list over ECMA-48 and xterm's control sequences; anything not on it is not printed.
 *
 * Feed it decoded text in pieces of any size; it holds at most one short sequence.
 */
export class SafeTerminal {
  #state: 'ground' | 'escape' | 'charset' | 'sequence' | 'string' | 'string-escape' = 'ground';
  #held = '';
  #swallowed = 0;

  filter(text: string): string {
    let safe = '';
    for (const char of text) safe += this.#char(char);
    return safe;
  }

  #char(char: string): string {
    switch (this.#state) {
      case 'ground':
        return this.#ground(char);
      case 'escape':
        return this.#escape(char);
      case 'charset':
        this.#state = 'ground';
        if (char === 'B' || char === '0') return `${ESC}(${char}`; // ASCII, line drawing
        return isControl(char) ? this.#ground(char) : '';
      case 'sequence':
        return this.#sequence(char);
      case 'string':
        return this.#string(char);
      case 'string-escape':
        this.#state = 'ground';
        return char === '\\' ? '' : this.#escape(char);
    }
  }

  #ground(char: string): string {
    if (char === ESC) {
      this.#state = 'escape';
      return '';
    }
    return isDrawn(char) ? char : '';
  }

  #escape(char: string): string {
    this.#state = 'ground';
    if (char === '[') {
      this.#state = 'sequence';
      this.#held = '';
    } else if (char === '(') {
      this.#state = 'charset';
    } else if (STRING_OPENERS.has(char)) {
      this.#state = 'string';
      this.#swallowed = 0;
    } else if (char === '7' || char === '8' || char === 'M' || char === 'D' || char === 'E') {
      return ESC + char; // save and restore cursor, reverse index, index, next line
    } else if (isControl(char)) {
      return this.#ground(char); // ends what it interrupts, and then counts for itself
    } else if (char >= ' ' && char <= '/') {
      this.#state = 'sequence'; // escapes of three bytes and more, such as DECALN and other character sets
      this.#held = DROPPED_ESCAPE;
    }
    return '';
  }

  #sequence(char: string): string {
    if (isControl(char) || char > '~') {
      this.#state = 'ground';
      return this.#ground(char);
    }
    if (this.#held === DROPPED_ESCAPE) {
      if (char >= '0') this.#state = 'ground';
      return '';
    }
    if (char >= '@') {
      this.#state = 'ground';
      return isSafeSequence(this.#held, char) ? `${ESC}[${this.#held}${char}` : '';
    }
    // A body past the maximum is kept in place of its content: the sequence ends unprinted wherever its final byte comes.
    this.#held = this.#held.length < SEQUENCE_CHARS_MAX ? this.#held + char : TOO_LONG;
    return '';
  }

  #string(char: string): string {
    this.#swallowed += 1;
    if (char === BEL || char === ST || char === CAN || char === SUB) this.#state = 'ground';
    else if (char === ESC) this.#state = 'string-escape';
    // A string that never ends would hide all that follows from whoever replays it.
    else if (this.#swallowed >= STRING_CHARS_MAX) this.#state = 'ground';
    return '';
  }
}

/** Brings the reader's terminal back: colours, margins, wrapping, cursor, character set, main screen. */
export const TERMINAL_RESET = '\x1b[?1049l\x1b[0m\x1b[r\x1b[?7h\x1b[?25h\x1b(B';

/** Text for a line of a report: control characters, and characters that reorder or hide text, as escapes. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const ESC = '\x1b';
const BEL = '\x07';
const CAN = '\x18';
const SUB = '\x1a';
const ST = '\x9c';

/** OSC, DCS, SOS, PM, APC, and the title string of screen. */
const STRING_OPENERS = new Set([']', 'P', 'X', '^', '_', 'k']);

/** Neither can be the body of an allowed sequence. */
const DROPPED_ESCAPE = '!escape';
const TOO_LONG = '!long';

/** C0, DEL, C1, line separators, zero width, bidi controls, BOM, lone surrogates. */
const UNPRINTABLE =
  /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const HIDING = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;

function isControl(char: string): boolean {
  return char < ' ' || (char >= '\x7f' && char <= '\x9f');
}

function isDrawn(char: string): boolean {
  if (char === '\n' || char === '\r' || char === '\t' || char === '\b') return true;
  return !isControl(char) && !HIDING.test(char);
}

/** Up to 32 numbers of up to 4 digits: no cursor move or repetition is large enough to stall a terminal. */
const PARAMETERS = /^(?:[0-9]{0,4}(?:[;:][0-9]{0,4}){0,31})$/;
/** CUU CUD CUF CUB CNL CPL CHA CUP CHT CBT HPA HPR VPA VPR HVP · ED EL · IL DL DCH ECH ICH REP · SU SD · SGR · margins · save, restore cursor. */
const FINALS = new Set('ABCDEFGHIJKLMPXZ@STabdef`rmsu');
/** Private modes that only change how this screen draws: wrapping, cursor, alternate screen. */
const DRAWING_MODES = /^\?(?:7|25|47|1047|1048|1049)$/;

function isSafeSequence(body: string, final: string): boolean {
  if (final === 'h' || final === 'l') return DRAWING_MODES.test(body);
  if (!PARAMETERS.test(body) || !FINALS.has(final)) return false;
  switch (final) {
    case 'J':
      return !body.includes('3'); // 3J erases the reader's own scroll-back
    case 'T':
    case 's':
    case 'u':
      return !body.includes(';') && !body.includes(':'); // with more they mean mouse tracking, margins, keyboard protocol
    default:
      return true;
  }
}
