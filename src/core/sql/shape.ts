import { type ClassifyLimits, classify } from './classify.ts';
import type { StatementFacts, Unreadable } from './facts.ts';
import type { Grammar } from './grammar.ts';
import type { TextSettings } from './readable.ts';

/**
 * Remembers facts by a statement's shape: the text with its constants taken out (TRIED, "Cache by shape").
 *
 * Only plain text has a shape, and only facts that no constant decided are remembered. One cache for all connections that
 * share a grammar: facts depend on nothing else, since plain text reads alike in every encoding and string setting.
 */
export class ClassificationCache {
  static readonly #ofGrammar = new WeakMap<Grammar, ClassificationCache>();

  static forGrammar(grammar: Grammar): ClassificationCache {
    const known = ClassificationCache.#ofGrammar.get(grammar);
    if (known !== undefined) return known;
    const cache = new ClassificationCache(grammar);
    ClassificationCache.#ofGrammar.set(grammar, cache);
    return cache;
  }

  readonly #grammar: Grammar;
  readonly #facts = new Map<string, StatementFacts>();
  hits = 0;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  classify(bytes: Buffer, limits: ClassifyLimits, encoding: TextSettings): StatementFacts | Unreadable {
    const shape = bytes.length <= Math.min(SHAPE_BYTES_MAX, limits.statementBytesMax) ? shapeOf(bytes) : null;
    if (shape === null) return classify(this.#grammar, bytes, limits, encoding);
    const known = this.#facts.get(shape.key);
    if (known !== undefined) {
      this.hits += 1;
      return shape.literals.length === 0 ? known : { ...known, literals: shape.literals };
    }
    const facts = classify(this.#grammar, bytes, limits, encoding);
    if (!('kind' in facts) && isRowWork(facts)) this.#remember(shape.key, facts);
    return facts;
  }

  #remember(key: string, facts: StatementFacts): void {
    if (this.#facts.size >= SHAPES_MAX) {
      const oldest = this.#facts.keys().next();
      if (oldest.done !== true) this.#facts.delete(oldest.value);
    }
    this.#facts.set(key, facts);
  }

  get size(): number {
    return this.#facts.size;
  }
}

/** Both bound what a client can make the gate remember: together 16 MiB of keys. */
export const SHAPES_MAX = 8_192;
export const SHAPE_BYTES_MAX = 2_048;

/** Statements whose names all stand outside of constants. Others are rare, and may have names in strings. */
function isRowWork(facts: StatementFacts): boolean {
  return !facts.literalSensitive && facts.tags.every((tag) => ROW_WORK.has(tag));
}

const ROW_WORK: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'BEGIN', 'COMMIT', 'ROLLBACK']);

export type Shape = { readonly key: string; readonly literals: StatementFacts['literals'] };

/**
 * The shape of plain text, or null. Plain: letters, digits, space, `=<>,.*()_;+|`, a single `-`, and strings '…' of printable ASCII without
 * a quote or backslash inside. A run of digits that touches no identifier character and no dot becomes `0`, a string `''`:
 * texts of one shape differ only in the value of integer and string constants, so the grammar reads the same tree but for those.
 */
export function shapeOf(bytes: Buffer): Shape | null {
  const literals: (readonly [start: number, end: number])[] = [];
  let key = '';
  let copied = 0;
  let at = 0;
  while (at < bytes.length) {
    const kind = KINDS[bytes[at] ?? 0];
    if (kind === OTHER || isMinus(bytes, at)) at += 1;
    else if (kind === WORD) at = endOfRun(bytes, at, WORD, DIGIT);
    else if (kind === DIGIT || kind === QUOTE) {
      const end = kind === DIGIT ? endOfInteger(bytes, at) : endOfPlainString(bytes, at);
      if (end === -1) return null;
      key += bytes.toString('latin1', copied, at) + (kind === DIGIT ? '0' : "''");
      literals.push([at, end]);
      copied = end;
      at = end;
    } else return null;
  }
  return { key: key + bytes.toString('latin1', copied), literals };
}

/** 0: not plain. */
const OTHER = 1;
const WORD = 2;
const DIGIT = 3;
const QUOTE = 4;

const KINDS = new Uint8Array(256);
for (const character of ' =<>,.*();+|') KINDS[character.charCodeAt(0)] = OTHER;
for (let code = 0x30; code <= 0x39; code += 1) KINDS[code] = DIGIT;
for (let code = 0x41; code <= 0x5a; code += 1) KINDS[code] = KINDS[code + 0x20] = WORD;
KINDS[0x5f] = WORD;
KINDS[0x27] = QUOTE;

/** A minus, but for two of them: they begin a comment. */
function isMinus(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x2d && bytes[at + 1] !== 0x2d;
}

function endOfRun(bytes: Buffer, from: number, one: number, another: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const kind = KINDS[bytes[at] ?? 0];
    if (kind !== one && kind !== another) break;
  }
  return at;
}

/** -1 for what is more than an integer: `1.5`, `1e5`, `1x`. Ten digits make another type of constant than nine. */
function endOfInteger(bytes: Buffer, from: number): number {
  const end = endOfRun(bytes, from, DIGIT, DIGIT);
  if (end - from > INTEGER_DIGITS_MAX) return -1;
  if (bytes[from - 1] === DOT || bytes[end] === DOT) return -1;
  return KINDS[bytes[end] ?? 0] === WORD || bytes[end] === 0x27 ? -1 : end;
}

/** Every integer of so many digits fits into 32 bits, whatever they are. */
const INTEGER_DIGITS_MAX = 9;
const DOT = 0x2e;

/** -1 where the string is not plain, or a letter before or a quote behind changes what it is: `E'…'`, `''''`. */
function endOfPlainString(bytes: Buffer, from: number): number {
  const before = KINDS[bytes[from - 1] ?? 0x20];
  if (before === WORD || before === DIGIT) return -1;
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x27)
      return bytes[at + 1] === 0x27 || KINDS[bytes[at + 1] ?? 0x20] === WORD || KINDS[bytes[at + 1] ?? 0x20] === DIGIT ? -1 : at + 1;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return -1;
  }
  return -1;
}
