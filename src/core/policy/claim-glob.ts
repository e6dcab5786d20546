import { Minimatch } from 'minimatch';
import { GLOB_ALTERNATIVES_MAX } from './glob.ts';
import { parseGlob } from './glob-text.ts';
import type { ClaimName } from './policy.ts';

/**
 * Globs over claims, which are paths: `*` stays within one part of `acme/shop` or `refs/heads/main`, `**` does not, as
 * in GitHub's own filters. That is the strict reading: a branch may be named `a@refs/heads/main`, and would otherwise
 * satisfy `acme/shop/.github/workflows/*@refs/heads/main`.
 */
export const CLAIM_CHARACTERS_MAX = 4096;

/** Whether some value is among the positives and no value is among the negatives. Absent claims match nothing. */
export function matchesClaim(claim: ClaimName, globs: readonly string[], values: readonly string[]): boolean {
  if (claim === 'issuer') return values.some((value) => globs.includes(value));
  if (!values.every(isPlainPath)) return false;
  const { include, exclude } = compiled(claim, globs);
  return (
    values.some((value) => include.some((glob) => glob.match(value))) && !values.some((value) => exclude.some((glob) => glob.match(value)))
  );
}

/** GitHub keeps these names unique whatever their letter case, so another case is the same thing. */
const CASELESS: ReadonlySet<ClaimName> = new Set(['repository', 'environment', 'actor']);

/** Values that minimatch would read as another value (`a//b`, `a/`, `a/../b`) match nothing: no true claim has them. */
function isPlainPath(value: string): boolean {
  return value !== '' && value.length <= CLAIM_CHARACTERS_MAX && !/\p{Cc}|\/\/|\/$|(?:^|\/)\.\.?(?:\/|$)/u.test(value);
}

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
export const LOCAL_ISSUER = 'local';
/** Whoever listens on this machine, over plain HTTP: for simulators, and only where a binding names it. */
const LOOPBACK = String.raw`http:\/\/(?:127\.0\.0\.1|localhost)`;
export const ISSUER = new RegExp(
  String.raw`^(?:local|(?:https:\/\/[a-z0-9.-]{1,253}|${LOOPBACK})(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~-]{1,255}){0,16})$`,
);

export function isLoopbackIssuer(issuer: string): boolean {
  return ISSUER.test(issuer) && new RegExp(`^${LOOPBACK}(?:[:/]|$)`).test(issuer);
}

/** What is wrong with a glob over a claim, or null. Globs that can match no true value of the claim are wrong. */
export function claimGlobFault(claim: ClaimName, text: string): string | null {
  const parsed = parseGlob(text, 'whole');
  if (!parsed.ok) return parsed.message;
  const glob = text.startsWith('!') ? text.slice(1) : text;
  if (claim === 'repository' && !/\/|\*\*/.test(glob)) return 'can never match: a repository is owner/name';
  if (claim === 'ref' && !/^(?:refs\/|[*?[{])/.test(glob)) return 'can never match: a ref begins with refs/, such as refs/heads/main';
  return null;
}

type Compiled = { readonly include: readonly Minimatch[]; readonly exclude: readonly Minimatch[] };

function compiled(claim: ClaimName, globs: readonly string[]): Compiled {
  const make = (glob: string) =>
    new Minimatch(glob, {
      dot: true,
      nonegate: true,
      nocomment: true,
      noext: true,
      platform: 'linux',
      preserveMultipleSlashes: true,
      nocase: CASELESS.has(claim),
      braceExpandMax: GLOB_ALTERNATIVES_MAX,
    });
  return {
    include: globs.filter((glob) => !glob.startsWith('!')).map(make),
    exclude: globs.filter((glob) => glob.startsWith('!')).map((glob) => make(glob.slice(1))),
  };
}
