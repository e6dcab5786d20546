const WITHHELD = ['add-mask', 'stop-commands', 'set-env', 'add-path', 'save-state'];
export const LOOK_ALIKE = 'a line that looks like a checkpoint of ours';

export class LogGuard {
  /** How many of each were not passed on. */
  readonly withheld = new Map<string, number>();
  #held = '';
  #begun = false;
  /** Until the line ends, nothing of it passes. */
  #dropping = false;

  /** What is to be passed on now. Holds back only what could still become something that is not; the very input where nothing matters. */
  push(bytes: Uint8Array): Uint8Array {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = !this.#begun && buffer.length > 0;
    if (!first && this.#held === '' && !this.#dropping && isPlain(buffer)) return bytes;
    const text = this.#held + buffer.toString('latin1');
    this.#held = '';
    return this.#passed(text, false);
  }

  end(): Uint8Array {
    const held = this.#held;
    this.#held = '';
    return this.#passed(held, true);
  }

  #passed(text: string, isEnd: boolean): Buffer {
    let shown = '';
    for (let rest = text; rest !== ''; ) {
      if (this.#dropping) {
        const end = rest.search(/[\r\n]/);
        if (end < 0) break;
        this.#dropping = false;
        rest = rest.slice(end);
      }
      const found = FORBIDDEN.exec(rest);
      if (found === null) {
        const safe = isEnd ? rest.length : rest.length - heldBack(rest);
        this.#held = rest.slice(safe);
        shown += rest.slice(0, safe);
        break;
      }
      shown += rest.slice(0, found.index) + this.#withhold(found);
      rest = rest.slice(found.index + found[0].length);
    }
    return Buffer.from(this.#afterMark(shown.replace(CHECKPOINT, () => this.#lookAlike())), 'latin1');
  }

  #withhold([, command = '', legacy = '']: RegExpExecArray): string {
    const name = plainName(command || legacy);
    this.#count(name);
    this.#dropping = true;
    return `[duty-gate: the workflow command "${name}" was not passed on]`;
  }

  #lookAlike(): string {
    this.#count(LOOK_ALIKE);
    return 'duty-gate: (printed inside) checkpoint';
  }

  /** Output that begins with a byte order mark would be read in another encoding from there on: what reads it looks at the first bytes only. */
  #afterMark(text: string): string {
    if (this.#begun || text === '') return text;
    this.#begun = true;
    return /^[\0\xef\xfe\xff]/.test(text) ? `\n${text}` : text;
  }

  #count(name: string): void {
    this.withheld.set(name, (this.withheld.get(name) ?? 0) + 1);
  }
}

function anyCase(name: string): string {
  const OTHERS: Record<string, string> = { s: '|\\xc5\\xbf', k: '|\\xe2\\x84\\xaa' };
  return [...name]
    .map((letter) => (/[a-z]/.test(letter) ? `(?:${letter}|${letter.toUpperCase()}${OTHERS[letter] ?? ''})` : letter))
    .join('');
}

const NAMES = WITHHELD.map(anyCase).join('|');
const FORBIDDEN = new RegExp(`::(${NAMES})(?=[ :])|##\\[(${NAMES})(?=[ \\]])`);
const CHECKPOINT = /duty-gate:? ?checkpoint/gi;
const BEGINNINGS = [
  ...WITHHELD.flatMap((name) => [`::${name}`, `##[${name}`]),
  'duty-gate: checkpoint',
  'duty-gate:checkpoint',
  'duty-gate checkpoint',
  'duty-gatecheckpoint',
];
const HELD_CHARACTERS_MAX = Math.max(...BEGINNINGS.map(({ length }) => length)) * 3;

function isPlain(bytes: Buffer): boolean {
  if (bytes.includes('::') || bytes.includes('##[')) return false;
  const text = bytes.toString('latin1');
  return !OURS.test(text) && heldBack(text) === 0;
}

const OURS = /duty-gate/i;

function heldBack(text: string): number {
  for (let from = Math.max(0, text.length - HELD_CHARACTERS_MAX); from < text.length; from += 1) {
    const first = text.charCodeAt(from);
    if (first !== COLON && first !== HASH && first !== SMALL_D && first !== LARGE_D) continue;
    const beginning = plainName(text.slice(from).replace(/(?:\xc5|\xe2\x84?)$/, ''));
    if (BEGINNINGS.some((each) => each.startsWith(beginning))) return text.length - from;
  }
  return 0;
}

const [COLON, HASH, SMALL_D, LARGE_D] = [0x3a, 0x23, 0x64, 0x44];

function plainName(text: string): string {
  return text.replaceAll('\xc5\xbf', 's').replaceAll('\xe2\x84\xaa', 'k').toLowerCase();
}
