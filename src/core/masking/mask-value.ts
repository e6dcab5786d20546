import type { MaskMethod } from '#core/policy/policy.ts';
import { keyedHash } from './keyed-hash.ts';

/** What stands in place of a masked value (docs/policy.md, "Masks"). Null is SQL NULL. */
export function maskText(method: MaskMethod, value: string, key: Buffer): string | null {
  switch (method) {
    case 'redact':
      return REDACTED;
    case 'fixed':
      return 'masked';
    case 'null':
      return null;
    case 'hash':
      return `hash:${keyedHash(value, key)}`;
    case 'partial':
      return REDACTED + keptTail(value);
  }
}

export const REDACTED = '***';

const KEPT_CHARACTERS_MAX = 4;
/** A quarter of the value at most, so that short values, such as a PIN, show next to nothing. */
const KEPT_SHARE = 4;

/** The last characters that `partial` keeps. The stars before them are always three, and so tell nothing of the length. */
function keptTail(value: string): string {
  const tail = Array.from(value.slice(-2 * KEPT_CHARACTERS_MAX)); // a character is at most two UTF-16 units
  const kept = Math.min(KEPT_CHARACTERS_MAX, Math.floor(charactersUpTo(value, KEPT_CHARACTERS_MAX * KEPT_SHARE) / KEPT_SHARE));
  return tail
    .slice(tail.length - kept)
    .map((character) => (/^[ -~]$/.test(character) ? character : '*')) // valid in every client encoding; no bidi, no controls
    .join('');
}

/** How many characters a text has, counted no further than `max`: values may be megabytes. */
function charactersUpTo(text: string, max: number): number {
  return Math.min(max, Array.from(text.slice(0, 2 * max)).length);
}
