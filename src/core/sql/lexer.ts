/**
 * The constants of a statement by PostgreSQL's lexical rules (scan.l of 15 to 18, with standard_conforming_strings on):
 * for masking them, wherever they stand, those included that the parse tree gives no place for (PASSWORD '…', SET, COPY options).
 *
 * Only for text that the grammar has accepted.
 */
export function findConstants(text: Buffer): Constants {
  // One character a byte: positions are byte positions, and all bytes of a multi-byte character are identifier characters.
  const source = text.toString('latin1');
  const literals: (readonly [start: number, end: number])[] = [];
  let foldsByEncoding = false;
  for (let at = 0; at < source.length; ) {
    const token = nextToken(source, at);
    if (token.kind === 'constant') literals.push([at, token.end]);
    else if (token.kind === 'identifier') foldsByEncoding ||= dependsOnEncoding(source.slice(at, token.end));
    at = token.end;
  }
  return { literals, foldsByEncoding };
}

export type Constants = {
  /** Byte ranges of strings, bit strings and numbers, in order; a string continued on the next line is one. */
  readonly literals: readonly (readonly [start: number, end: number])[];
  /** An identifier that the server may fold or cut otherwise than the grammar, since its own encoding is another. */
  readonly foldsByEncoding: boolean;
};

/** The text with each range replaced; invalid UTF-8 becomes U+FFFD. */
export function maskLiterals(text: Buffer, ranges: readonly (readonly [start: number, end: number])[], replacement: string): string {
  let shown = '';
  let from = 0;
  for (const [start, end] of ranges) {
    shown += text.toString('utf8', from, start) + replacement;
    from = end;
  }
  return shown + text.toString('utf8', from);
}

type Token = { readonly kind: 'constant' | 'identifier' | 'other'; readonly end: number };

function nextToken(source: string, at: number): Token {
  const here = source.charAt(at);
  const next = source.charAt(at + 1);
  if (here === "'") return { kind: 'constant', end: endOfString(source, at + 1, endOfQuoted) };
  if (here === '"') return { kind: 'identifier', end: endOfQuoted(source, at + 1, '"') };
  if (here === '-' && next === '-') return { kind: 'other', end: endOfLine(source, at) };
  if (here === '/' && next === '*') return { kind: 'other', end: endOfComment(source, at) };
  if (here === '.' && next === '.') return { kind: 'other', end: at + 2 };
  if (here === '$') return dollar(source, at);
  if (DIGIT.test(here) || (here === '.' && DIGIT.test(next))) return { kind: 'constant', end: match(NUMBER, source, at) };
  if (IDENTIFIER_START.test(here)) return word(source, at, here.toLowerCase(), next);
  return { kind: 'other', end: at + 1 };
}

const DIGIT = /[0-9]/;
const IDENTIFIER_START = /[A-Za-z_\x80-\xff]/;
const IDENTIFIER = /[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*/y;
/** Hexadecimal, octal, binary and `_` since 16; `1..2` is 1, `..`, 2. */
const NUMBER =
  /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*(?:\.(?!\.)(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const PARAMETER = /\$[0-9]+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$/y;
/** `{whitespace_with_newline}{quote}`: with a line end between them, two strings are one. */
const CONTINUATION = /(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;

function match(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at + 1;
}

/** An identifier or keyword, or the letter before a string: E'…', B'…', X'…', U&'…', U&"…" (N'…' is the word N and a string). */
function word(source: string, at: number, letter: string, next: string): Token {
  if (next === "'" && letter === 'e') return { kind: 'constant', end: endOfString(source, at + 2, endOfEscaped) };
  if (next === "'" && (letter === 'b' || letter === 'x')) return { kind: 'constant', end: endOfString(source, at + 2, endOfBits) };
  if (letter === 'u' && next === '&' && source.charAt(at + 2) === "'")
    return { kind: 'constant', end: endOfString(source, at + 3, endOfQuoted) };
  if (letter === 'u' && next === '&' && source.charAt(at + 2) === '"') return { kind: 'identifier', end: endOfQuoted(source, at + 3, '"') };
  return { kind: 'identifier', end: match(IDENTIFIER, source, at) };
}

/** `$1`, or a dollar-quoted string, or nothing. (`$` inside an identifier never comes here.) */
function dollar(source: string, at: number): Token {
  const parameter = match(PARAMETER, source, at);
  if (parameter > at + 1) return { kind: 'other', end: parameter };
  const open = match(DOLLAR_TAG, source, at);
  if (open === at + 1) return { kind: 'other', end: open };
  const tag = source.slice(at, open);
  const close = source.indexOf(tag, open);
  return { kind: 'constant', end: close === -1 ? source.length : close + tag.length };
}

/** Where a string ends, by the quote that opened it: only E'…' has backslashes, and bits have no doubled quotes. */
function endOfString(source: string, from: number, endOfPart: EndOfPart): number {
  let end = endOfPart(source, from, "'");
  for (;;) {
    CONTINUATION.lastIndex = end;
    if (!CONTINUATION.test(source)) return end;
    end = endOfPart(source, CONTINUATION.lastIndex, "'");
  }
}

type EndOfPart = (source: string, from: number, quote: string) => number;

function endOfBits(source: string, from: number): number {
  const end = source.indexOf("'", from);
  return end === -1 ? source.length : end + 1;
}

function endOfQuoted(source: string, from: number, quote: string): number {
  for (let at = source.indexOf(quote, from); at !== -1; at = source.indexOf(quote, at + 2)) {
    if (source.charAt(at + 1) !== quote) return at + 1;
  }
  return source.length;
}

function endOfEscaped(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    const here = source.charAt(at);
    if (here === '\\') at += 1;
    else if (here === "'") {
      if (source.charAt(at + 1) !== "'") return at + 1;
      at += 1;
    }
  }
  return source.length;
}

/** W-sql-1: a comment ends at CR as well as at LF. */
function endOfLine(source: string, from: number): number {
  let at = from;
  while (at < source.length && source.charAt(at) !== '\n' && source.charAt(at) !== '\r') at += 1;
  return at;
}

/** Block comments nest. */
function endOfComment(source: string, from: number): number {
  let depth = 1;
  let at = from + 2;
  while (at < source.length && depth > 0) {
    if (source.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else if (source.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
    } else at += 1;
  }
  return at;
}

/**
 * Servers fold letters beyond ASCII in single-byte encodings, and cut long names at a character of their own encoding
 * (downcase_identifier, truncate_identifier). The grammar knows UTF-8 only.
 */
function dependsOnEncoding(identifier: string): boolean {
  if (!/[\x80-\xff]/.test(identifier)) return false;
  if (identifier.length > NAME_BYTES_MAX) return true;
  if (identifier.startsWith('"') || /^u&"/i.test(identifier)) return false;
  const name = Buffer.from(identifier, 'latin1').toString('utf8');
  return /[^\0-\x7f]/u.test(name) && name.replace(/[A-Z]/g, '') !== name.replace(/[A-Z]/g, '').toLowerCase();
}

/** NAMEDATALEN - 1 */
const NAME_BYTES_MAX = 63;
