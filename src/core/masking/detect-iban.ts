import type { Span } from './detect.ts';

/**
 * International bank account numbers (ISO 13616): two letters, two check digits, up to 30 letters and digits, in
 * groups that single spaces may part; the whole is 1 modulo 97 (ISO 7064). Letter case is free, as people type it.
 */
export function findIbans(text: string): readonly Span[] {
  const spans: Span[] = [];
  START.lastIndex = 0;
  for (let match = START.exec(text); match !== null; match = START.exec(text)) {
    const end = longestEnd(text, match.index);
    if (end < 0) continue;
    spans.push([match.index, end]);
    START.lastIndex = end;
  }
  return spans;
}

const START = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ A-Za-z0-9])/g;
const CHARACTERS_MIN = 15;
const CHARACTERS_MAX = 34;

/** Where the longest valid number from `start` ends, or -1. Reads at most 34 characters and the spaces between. */
function longestEnd(text: string, start: number): number {
  const head = remainder(remainder(0, text.charCodeAt(start)), text.charCodeAt(start + 1));
  const check = Number(text.slice(start + 2, start + 4));
  let body = 0;
  let characters = 4;
  let found = -1;
  for (let at = start + 4; at < text.length && characters < CHARACTERS_MAX; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE && isAlphanumeric(text.charCodeAt(at + 1))) continue;
    if (!isAlphanumeric(code)) break;
    body = remainder(body, code);
    characters += 1;
    // The check moves the first four characters behind the rest: two letters are four decimal digits, then two more.
    const whole = (((body * 10_000 + head) % 97) * 100 + check) % 97;
    if (whole === 1 && characters >= CHARACTERS_MIN && !isAlphanumeric(text.charCodeAt(at + 1))) found = at + 1;
  }
  return found;
}

/** Appends a digit, or a letter as 10 to 35, to a number modulo 97. */
function remainder(soFar: number, code: number): number {
  return code <= NINE ? (soFar * 10 + code - ZERO) % 97 : (soFar * 100 + (code & ~CASE_BIT) - LETTER_A + 10) % 97;
}

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_A = 0x41;
const CASE_BIT = 0x20;

/** False for NaN, which charCodeAt gives past the end. */
function isAlphanumeric(code: number): boolean {
  return (code >= ZERO && code <= NINE) || ((code | CASE_BIT) >= 0x61 && (code | CASE_BIT) <= 0x7a);
}
