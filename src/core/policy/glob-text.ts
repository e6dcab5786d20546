import { braceExpand } from 'minimatch';
import { GLOB_ALTERNATIVES_MAX } from './glob.ts';
import type { GlobList, GlobParts } from './policy.ts';

/** From the globs as people write them to their parts (docs/policy.md, "Globs"). */

export const GLOB_CHARACTERS_MAX = 1024;
export const GLOBS_PER_LIST_MAX = 1000;

/** What a list names: a whole name (targets, databases), or dotted names of PostgreSQL. */
export type GlobShape = 'whole' | 'relation' | 'function' | 'column';

export type GlobText =
  | { readonly ok: true; readonly negative: boolean; readonly parts: GlobParts }
  | { readonly ok: false; readonly message: string };

/** One glob. `!` in front makes it a negative. */
export function parseGlob(text: string, shape: GlobShape): GlobText {
  if (text.length > GLOB_CHARACTERS_MAX) return fault(`is longer than ${GLOB_CHARACTERS_MAX} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return fault('contains control characters');
  const negative = text.startsWith('!');
  const body = negative ? text.slice(1) : text;
  if (body === '') return fault('is empty');
  if (body !== body.trim()) return fault('begins or ends with a space, so it can never match');
  const parts = shape === 'whole' ? wholePart(body) : dottedParts(body, shape);
  return parts.ok ? { ok: true, negative, parts: parts.parts } : parts;
}

/** A list whose globs are known to be well formed; the parser has reported all that are not. */
export function globList(texts: readonly string[], shape: GlobShape): GlobList {
  const globs = texts.map((text) => parseGlob(text, shape));
  return {
    include: globs.flatMap((glob) => (glob.ok && !glob.negative ? [glob.parts] : [])),
    exclude: globs.flatMap((glob) => (glob.ok && glob.negative ? [glob.parts] : [])),
  };
}

type Parts = { readonly ok: true; readonly parts: GlobParts } | { readonly ok: false; readonly message: string };

const PART_NAMES: Readonly<Record<Exclude<GlobShape, 'whole'>, readonly string[]>> = {
  relation: ['schema', 'relation'],
  function: ['schema', 'function'],
  column: ['schema', 'relation', 'column'],
};

function wholePart(body: string): Parts {
  return checkParts([body]);
}

function dottedParts(body: string, shape: Exclude<GlobShape, 'whole'>): Parts {
  const names = PART_NAMES[shape];
  if (body === '*') return { ok: true, parts: names.map(() => '*') };
  const split = splitAtDots(body);
  if (!split.ok) return split;
  if (split.parts.length !== names.length) {
    return fault(`has ${split.parts.length} ${split.parts.length === 1 ? 'part' : 'parts'}, expected ${names.length}: ${names.join('.')}`);
  }
  const empty = split.parts.indexOf('');
  if (empty >= 0) return fault(`has an empty ${names[empty] ?? 'part'}`);
  return checkParts(split.parts);
}

/**
 * Splits at dots outside double quotes, braces and classes. What stands in quotes is literal, `""` being one quote, as in SQL.
 */
function splitAtDots(body: string): Parts {
  const parts = [''];
  const add = (text: string) => parts.push((parts.pop() ?? '') + text);
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const character = body.charAt(at);
    if (character === '"') {
      const end = closingQuote(body, at);
      if (end < 0) return fault('has a double quote that is not closed');
      if (end === at + 1) return fault('has empty double quotes');
      add(escapeLiteral(body.slice(at + 1, end).replaceAll('""', '"')));
      at = end;
    } else if (character === '\\') {
      add(body.slice(at, at + 2));
      at += 1;
    } else if (character === '[' && body.indexOf(']', at + 2) > 0) {
      const end = body.indexOf(']', at + 2);
      add(body.slice(at, end + 1));
      at = end;
    } else if (character === '.' && depth === 0) {
      parts.push('');
    } else {
      if (/[A-Z]/.test(character)) {
        return fault(
          'has an upper-case letter outside double quotes, which PostgreSQL reads as lower case: quote the name, or write it in lower case',
        );
      }
      depth += character === '{' ? 1 : character === '}' ? -1 : 0;
      add(character);
    }
  }
  return { ok: true, parts };
}

function closingQuote(body: string, open: number): number {
  for (let at = open + 1; at < body.length; at += 1) {
    if (body.charAt(at) !== '"') continue;
    if (body.charAt(at + 1) !== '"') return at;
    at += 1;
  }
  return -1;
}

function escapeLiteral(text: string): string {
  return text.replace(/[!-,.:-@[-^`{-~]/g, '\\$&');
}

function checkParts(parts: GlobParts): Parts {
  for (const part of parts) {
    const message = partFault(part);
    if (message !== null) return fault(message);
  }
  return { ok: true, parts };
}

/** What minimatch would take literally, drop or cut off without a word is an error here. */
function partFault(part: string): string | null {
  const bare = part.replace(/\\[\s\S]/g, '').replace(/\[.[^\]]*\]/g, '');
  if (bare.includes('\\')) return 'ends with a backslash that escapes nothing';
  if (bare.includes('[')) return 'has a [ that is not closed';
  if (count(bare, '{') !== count(bare, '}')) return 'has braces that do not pair';
  if (braceExpand(part, { braceExpandMax: GLOB_ALTERNATIVES_MAX + 1 }).length > GLOB_ALTERNATIVES_MAX) {
    return `has more than ${GLOB_ALTERNATIVES_MAX} alternatives`;
  }
  return [...part.matchAll(/\[[!^]?([^\]]+)\]/g)].some(([, body]) => hasBackwardsRange(body ?? ''))
    ? 'has a range that runs backwards, so it can never match'
    : null;
}

function hasBackwardsRange(classBody: string): boolean {
  return [...classBody.matchAll(/([^-])-([^-])/gu)].some(([, from = '', to = '']) => (from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0));
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function fault(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
