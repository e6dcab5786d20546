import { Minimatch } from 'minimatch';
import { GLOB_ALTERNATIVES_MAX } from './glob.ts';
import { parseGlob } from './glob-text.ts';

/** Globs over paths of programs: `*` stays within one part, `**` crosses `/`. Letter case counts, as it does in Linux. */
export const PATH_CHARACTERS_MAX = 4096;

export type PathTest = (path: string) => boolean;

/** `path` is what processes say of themselves, so hostile: what is longer than any path is none. */
export function agentPathTest(glob: string): PathTest {
  const matcher = new Minimatch(glob, {
    dot: true,
    nonegate: true,
    nocomment: true,
    noext: true,
    platform: 'linux',
    preserveMultipleSlashes: true,
    braceExpandMax: GLOB_ALTERNATIVES_MAX,
  });
  return (path) => path.length <= PATH_CHARACTERS_MAX && matcher.match(path);
}

/** What is wrong with a glob, or null. One that can match no path of a program is wrong. */
export function agentGlobFault(text: string): string | null {
  if (text.startsWith('!')) return 'takes something away, and what is named here only narrows: name what is meant';
  const parsed = parseGlob(text, 'whole');
  if (!parsed.ok) return parsed.message;
  return /^(?:\/|\*\*\/|\{)/.test(text) ? null : 'can never match: paths of programs are absolute, expected / or **/ in front';
}
