import { Minimatch } from 'minimatch';
import type { GlobList, GlobParts } from './policy.ts';

/**
 * Globs over names, part by part, by minimatch 11 (docs/policy.md, "Globs").
 *
 * The names come from statements, so from whoever writes them: each list is compiled once, and minimatch 11 steps a
 * set of states over a name instead of backtracking, so work is bounded by pattern times name.
 */

/** More alternatives than this from one glob's braces are an error when the policy is read, never cut off here. */
export const GLOB_ALTERNATIVES_MAX = 256;

/** Whether a name, given in the list's number of parts, is among the positives and none of the negatives. */
export function matchesGlobs(list: GlobList, path: readonly string[]): boolean {
  const { include, exclude } = compiled(list);
  return include.some((glob) => matchesParts(glob, path)) && !exclude.some((glob) => matchesParts(glob, path));
}

/** Whether some positive could match a name that begins with this part: how a schema is seen by globs over relations. */
export function mayMatchWithin(list: GlobList, firstPart: string): boolean {
  return compiled(list).include.some(([first]) => first?.(firstPart) === true);
}

/** The stand-in for `/`, which minimatch would split at. PostgreSQL's names cannot hold NUL, and globs with NUL are refused. */
const SLASH_STAND_IN = '\0';

/** In front of every pattern and name, so that none is empty, `.`, `..` or `**`, which minimatch treats as paths. */
const PREFIX = 'x';

const OPTIONS = {
  dot: true,
  nonegate: true,
  nocomment: true,
  noext: true,
  platform: 'linux',
  preserveMultipleSlashes: true,
  braceExpandMax: GLOB_ALTERNATIVES_MAX,
} as const;

function compilePart(pattern: string): PartTest {
  if (/^\*+$/.test(pattern)) return () => true;
  if (!/[*?[\]{}\\]/.test(pattern)) return (part) => part === pattern;
  const matcher = new Minimatch(PREFIX + pattern.replaceAll('/', SLASH_STAND_IN), OPTIONS);
  return (part) => matcher.match(PREFIX + part.replaceAll('/', SLASH_STAND_IN));
}

type PartTest = (part: string) => boolean;

type Compiled = { readonly include: readonly (readonly PartTest[])[]; readonly exclude: readonly (readonly PartTest[])[] };

/** A list is immutable, so what it compiles to is kept for as long as the list lives. */
const COMPILED = new WeakMap<GlobList, Compiled>();

function compiled(list: GlobList): Compiled {
  const known = COMPILED.get(list);
  if (known !== undefined) return known;
  const made = { include: list.include.map(compileParts), exclude: list.exclude.map(compileParts) };
  COMPILED.set(list, made);
  return made;
}

function compileParts(parts: GlobParts): readonly PartTest[] {
  return parts.map(compilePart);
}

function matchesParts(glob: readonly PartTest[], path: readonly string[]): boolean {
  return glob.length === path.length && glob.every((test, index) => test(path[index] ?? ''));
}
