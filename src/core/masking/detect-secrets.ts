import type { Span } from './detect.ts';

/**
 * Passwords by what stands before them: `password=…`, `"pwd": "…"`, SQL's `PASSWORD '…'`, and `scheme://user:…@host`.
 * Only the value is found. Each value is passed over before the search goes on, so no character is read twice.
 */
export function findPasswords(text: string): readonly Span[] {
  return [...assignedPasswords(text), ...urlPasswords(text)].sort((a, b) => a[0] - b[0]);
}

/** A name that says so, then `=`, `:`, `=>` or, before a quote, nothing but space. Every repetition has a maximum. */
const ASSIGNMENT = /(?:passwords?|passwd|passphrase|pwd)\\?["'`]?(?:\s{0,8}(?::=|=>|[:=])\s{0,8}|\s{1,8}(?=[Ee]?['"]|\$))/gi;

function assignedPasswords(text: string): readonly Span[] {
  const spans: Span[] = [];
  ASSIGNMENT.lastIndex = 0;
  for (let match = ASSIGNMENT.exec(text); match !== null; match = ASSIGNMENT.exec(text)) {
    const [start, end] = valueSpan(text, ASSIGNMENT.lastIndex);
    if (end > start) spans.push([start, end]);
    ASSIGNMENT.lastIndex = end;
  }
  return spans;
}

/** The value without its quotes: plain, SQL's `E'…'`, or escaped as in JSON within JSON. */
function valueSpan(text: string, start: number): Span {
  const opening = OPENING_QUOTE.exec(text.slice(start, start + 2));
  if (opening === null) {
    BARE_VALUE.lastIndex = start;
    return BARE_VALUE.test(text) ? [start, BARE_VALUE.lastIndex] : [start, start];
  }
  const quote = opening[1] ?? '';
  const from = start + opening[0].length;
  return [from, opening[0].startsWith('\\') ? escapedQuotedEnd(text, from, quote) : quotedEnd(text, from, quote)];
}

const OPENING_QUOTE = /^[Ee\\]?(["'`])/;

function escapedQuotedEnd(text: string, from: number, quote: string): number {
  const end = text.indexOf(`\\${quote}`, from);
  return end < 0 ? text.length : end;
}

const BARE_VALUE = /[^\s,;&"'`)\]}<>]+/y;

/** The closing quote, `\` and doubled quotes being no end, or the text's end: a value cut short is still a value. */
function quotedEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === quote && text.charAt(at + 1) === quote) at += 1;
    else if (character === quote) return at;
  }
  return text.length;
}

/** RFC 3986, 3.2.1. An authority holds no `/`, so each is read once. */
const AUTHORITY = /:\/\/([^\s/?#"'`<>]+)/g;

function urlPasswords(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(AUTHORITY)) {
    const authority = match[1] ?? '';
    const at = authority.lastIndexOf('@');
    const colon = authority.indexOf(':');
    if (colon < 0 || at <= colon + 1) continue;
    const start = match.index + 3;
    spans.push([start + colon + 1, start + at]);
  }
  return spans;
}

/** PEM (RFC 7468) and OpenPGP (RFC 9580, 6.2) private keys, header to footer. A key cut short runs to the end of the text. */
export function findPrivateKeys(text: string): readonly Span[] {
  const spans: Span[] = [];
  PEM_BEGIN.lastIndex = 0;
  for (let match = PEM_BEGIN.exec(text); match !== null; match = PEM_BEGIN.exec(text)) {
    const footer = text.indexOf('-----END', PEM_BEGIN.lastIndex);
    const close = footer < 0 ? -1 : text.indexOf('-----', footer + 8);
    const end = close < 0 ? text.length : close + 5;
    spans.push([match.index, end]);
    PEM_BEGIN.lastIndex = end;
  }
  return spans;
}

const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
