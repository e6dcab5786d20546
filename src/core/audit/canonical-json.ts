/** Deepest nesting that is written or accepted: entries need six. */
export const CANONICAL_DEPTH_MAX = 64;

/** Thrown for values that JSON has no exact form for: our own bug, or a hostile document. */
export class NotCanonicalizable extends Error {
  override readonly name = 'NotCanonicalizable';
}

/**
 * Canonical JSON (RFC 8785): no white space, members sorted by UTF-16 code units (3.2.3), strings and numbers as
 * ECMAScript writes them (3.2.2). Non-finite numbers, lone surrogates (3.2.2.2) and everything that JSON does not know
 * are refused, never replaced.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** A JSON string literal; refuses lone surrogates. */
export function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonicalizable('Cannot write a string: it holds a lone surrogate, expected well-formed Unicode');
  return JSON.stringify(text);
}

/**
 * Whether `text`, of which `value` was parsed, is its canonical form byte for byte, with no numbers but integers that every reader
 * has exactly. Duplicate members, other escapes, other spellings of numbers and white space are all told by writing the value again.
 */
export function isCanonicalJson(text: string, value: unknown): boolean {
  try {
    // JSON.stringify is several times faster than our own writer, and agrees with it on values whose members are sorted.
    // It is after isSorted, which bounds the depth: hostile nesting would exhaust the stack.
    return (isSorted(value, 0) && JSON.stringify(value) === text) || (canonicalJson(value) === text && hasOnlyIntegers(value));
  } catch (cause) {
    if (cause instanceof NotCanonicalizable) return false;
    throw cause;
  }
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || value === true || value === false) return String(value);
  if (typeof value !== 'object') throw new NotCanonicalizable(`Cannot write a value: it is of type ${typeof value}, expected JSON`);
  if (depth >= CANONICAL_DEPTH_MAX) throw new NotCanonicalizable(`Cannot write a value: deeper than ${CANONICAL_DEPTH_MAX} levels`);
  return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new NotCanonicalizable(`Cannot write a number: it is ${value}, expected a finite one`);
  return JSON.stringify(value);
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) text += (index === 0 ? '' : ',') + write(items[index], depth);
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  let text = '{';
  for (const [key, member] of Object.entries(object).sort(byKey))
    text += `${text === '{' ? '' : ','}${canonicalString(key)}:${write(member, depth)}`;
  return `${text}}`;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

/** Of a value that has a canonical form: its depth is bounded. */
function hasOnlyIntegers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(hasOnlyIntegers);
}

function isSorted(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= CANONICAL_DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
  let last: string | null = null;
  for (const [key, member] of Object.entries(value)) {
    if (last !== null && last >= key) return false;
    if (!key.isWellFormed() || !isSorted(member, depth + 1)) return false;
    last = key;
  }
  return true;
}
