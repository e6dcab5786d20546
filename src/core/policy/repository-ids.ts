import { braceExpand } from 'minimatch';
import { LOCAL_ISSUER, matchesClaim } from './claim-glob.ts';
import { GLOB_ALTERNATIVES_MAX } from './glob.ts';
import type { Binding, Claims, Policy, RepositoryIds } from './policy.ts';

/**
 * Repositories by id (R4). A name can be given up and taken by somebody else; an id cannot. So the names that bindings use
 * are looked up when the policy is loaded, and what bears a matching name must also be what bore it then.
 */

/** Names in lower case: repositories that bindings name exactly, and the owners of those that they name by glob. */
export type NamesInBindings = { readonly repositories: readonly string[]; readonly owners: readonly string[] };

export function namesInBindings({ bindings }: Policy): NamesInBindings {
  const named = bindings.flatMap((binding) => (isLocalOnly(binding) ? [] : globsOf(binding))).flatMap((glob) => alternatives(glob));
  const pick = (kind: 'repository' | 'owner') => [...new Set(named.flatMap((each) => (each.kind === kind ? [each.name] : [])))].sort();
  return { repositories: pick('repository'), owners: pick('owner') };
}

/** Why a repository whose name matches is still not the one that is meant. */
export type IdentityFault = 'other-repository' | 'unknown-repository';

/** Null when the repository is, by id, one that the globs mean. Its name matches them already. */
export function identityFault(globs: readonly string[], claims: Claims, ids: RepositoryIds): IdentityFault | null {
  const named = claims.repository;
  if (typeof named !== 'string') return 'other-repository';
  const alternativesOf = (negative: boolean) => globs.filter((glob) => glob.startsWith('!') === negative).flatMap(alternatives);
  const id = claims['repository-id'];
  const isExcluded = alternativesOf(true).some((each) => each.kind === 'repository' && id !== undefined && idOf(each, ids) === id);
  if (isExcluded) return 'other-repository';
  const matching = alternativesOf(false).filter(({ glob }) => matchesClaim('repository', [glob], [named]));
  if (matching.some((each) => isMeant(each, claims, ids))) return null;
  return matching.every((each) => idOf(each, ids) !== null) ? 'other-repository' : 'unknown-repository';
}

/** One alternative of a glob's braces. `anybody`: its owner is a pattern itself, so there is nobody to compare with. */
type Named = { readonly glob: string } & (
  | { readonly kind: 'repository' | 'owner'; readonly name: string }
  | { readonly kind: 'anybody'; readonly name: null }
);

function alternatives(glob: string): readonly Named[] {
  const positive = glob.startsWith('!') ? glob.slice(1) : glob;
  return braceExpand(positive, { braceExpandMax: GLOB_ALTERNATIVES_MAX }).map((text) => {
    const [owner = '', name, ...more] = text.split('/');
    if (isPattern(owner) || name === undefined || more.length > 0) return { glob: text, kind: 'anybody', name: null };
    if (isPattern(name)) return { glob: text, kind: 'owner', name: owner.toLowerCase() };
    return { glob: text, kind: 'repository', name: text.toLowerCase() };
  });
}

function isPattern(text: string): boolean {
  return /[*?[\]{}\\]/.test(text);
}

function isMeant(named: Named, claims: Claims, ids: RepositoryIds): boolean {
  if (named.kind === 'anybody') return true;
  const id = idOf(named, ids);
  return id !== null && id === claims[named.kind === 'repository' ? 'repository-id' : 'repository-owner-id'];
}

function idOf(named: Named, ids: RepositoryIds): string | null {
  if (named.kind === 'anybody') return null;
  return (named.kind === 'repository' ? ids.repositories : ids.owners).get(named.name) ?? null;
}

function globsOf({ when }: Binding): readonly string[] {
  return when.flatMap(({ claim, globs }) => (claim === 'repository' ? globs : []));
}

function isLocalOnly({ when }: Binding): boolean {
  return when.some(({ claim, globs }) => claim === 'issuer' && globs.every((issuer) => issuer === LOCAL_ISSUER));
}
