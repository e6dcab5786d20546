import type { Span } from './detect.ts';

/**
 * Payment card numbers: 13 to 19 digits (ISO/IEC 7812-1), in groups parted by single spaces or dashes, with a right
 * Luhn digit. A number begins and ends where a group does, so digits within a longer run are no card; a card followed
 * by another number, `4111111111111111 43`, is one. Spans may overlap: one that is right by chance must not hide another.
 */
export function findCards(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const run of text.matchAll(GROUPED_DIGITS)) {
    if (run[0].length >= DIGITS_MIN) findInRun(run[0], run.index, spans);
  }
  return spans;
}

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** Linear: after each digit the next character alone decides. */
const GROUPED_DIGITS = /\d+(?:[ -]\d+)*/g;

function findInRun(run: string, offset: number, spans: Span[]): void {
  let at = 0;
  while (at < run.length) {
    const end = longestCardEnd(run, at);
    if (end > at) spans.push([offset + at, offset + end]);
    at = nextGroup(run, at) + 1;
  }
}

/** Where the longest card from this group's start ends, or -1. Reads at most 19 digits and the separators between. */
function longestCardEnd(run: string, start: number): number {
  if (run.charAt(start) === '0') return -1; // no issuer's number does; rows of zeros would pass Luhn
  const digits: number[] = [];
  let found = -1;
  for (let at = start; at < run.length && digits.length <= DIGITS_MAX; at += 1) {
    const code = run.charCodeAt(at);
    if (isSeparator(code)) continue;
    digits.push(code - 48);
    const groupEnds = at + 1 === run.length || isSeparator(run.charCodeAt(at + 1));
    if (groupEnds && digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX && passesLuhn(digits)) found = at + 1;
  }
  return found;
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: readonly number[]): boolean {
  const sum = digits.reduce((total, digit, index) => {
    const doubled = (digits.length - index) % 2 === 0 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function nextGroup(run: string, from: number): number {
  let at = from;
  while (at < run.length && !isSeparator(run.charCodeAt(at))) at += 1;
  return at;
}

function isSeparator(code: number): boolean {
  return code === 32 || code === 45;
}
