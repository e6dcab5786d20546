import { LOCAL_ISSUER, matchesClaim } from './claim-glob.ts';
import { isUnnamedOutsidersEvent } from './outsiders-events.ts';
import type { Binding, ClaimName, Claims, Duty, Policy } from './policy.ts';
import { type IdentityFault, identityFault } from './repository-ids.ts';

/** Which duty an identity gets (docs/policy.md, "Bindings"). */

export type DutyChoice =
  | {
      readonly kind: 'ok';
      readonly duty: Duty /** Binding ids that gave it, in the policy's order. */;
      readonly bindings: readonly string[];
    }
  /** No binding matches: what each one wants, beside what there is. */
  | { readonly kind: 'none-bound'; readonly misses: readonly BindingMiss[] }
  /** Several are bound and none was asked for: a union would defeat separation. */
  | { readonly kind: 'several'; readonly duties: readonly string[] }
  | { readonly kind: 'not-bound'; readonly asked: string; readonly defined: boolean; readonly bound: readonly string[] };

export type BindingMiss = { readonly binding: string; readonly duties: readonly string[]; readonly unmatched: readonly ClaimMiss[] };
export type ClaimMiss = {
  readonly claim: ClaimName;
  readonly wants: readonly string[] /** Empty: the issuer said nothing of it. */;
  readonly is: readonly string[];
  /** Where the values alone do not tell why. */
  readonly because?: IdentityFault | 'outsiders-event';
};

export function chooseDuty(policy: Policy, claims: Claims, asked: string | null): DutyChoice {
  const { bound, misses } = dutiesFor(policy, claims);
  const names = [...bound.keys()].sort();
  if (names.length === 0) return { kind: 'none-bound', misses };
  if (asked === null && names.length > 1) return { kind: 'several', duties: names };

  const name = asked ?? names[0] ?? '';
  const duty = policy.duties.get(name);
  const bindings = bound.get(name);
  if (duty === undefined || bindings === undefined) return { kind: 'not-bound', asked: name, defined: duty !== undefined, bound: names };
  return { kind: 'ok', duty, bindings };
}

export type BoundDuties = {
  /** Duty names, with the ids of the bindings that give each. */
  readonly bound: ReadonlyMap<string, readonly string[]>;
  readonly misses: readonly BindingMiss[];
};

export function dutiesFor(policy: Policy, claims: Claims): BoundDuties {
  const bound = new Map<string, readonly string[]>();
  const misses: BindingMiss[] = [];
  for (const binding of policy.bindings) {
    const unnamed = unnamedEvent(binding, claims);
    const unmatched = [...unmatchedClaims(policy, binding, claims).filter(({ claim }) => claim !== unnamed[0]?.claim), ...unnamed];
    if (unmatched.length > 0) misses.push({ binding: binding.id, duties: binding.duties, unmatched });
    else for (const duty of binding.duties) bound.set(duty, [...(bound.get(duty) ?? []), binding.id]);
  }
  return { bound, misses };
}

/** The issuers whose tokens can open a session under this policy. */
export function tokenIssuers(policy: Policy): ReadonlySet<string> {
  const named = policy.bindings.flatMap(({ when }) => when.flatMap(({ claim, globs }) => (claim === 'issuer' ? globs : [])));
  return new Set(named.filter((issuer) => issuer !== LOCAL_ISSUER));
}

function unmatchedClaims({ repositoryIds }: Policy, binding: Binding, claims: Claims): readonly ClaimMiss[] {
  return binding.when.flatMap(({ claim, globs }): readonly ClaimMiss[] => {
    const is = valuesOf(claims[claim]);
    if (!matchesClaim(claim, globs, is)) return [{ claim, wants: globs, is }];
    const fault = claim === 'repository' && repositoryIds !== undefined ? identityFault(globs, claims, repositoryIds) : null;
    return fault === null ? [] : [{ claim, wants: globs, is, because: fault }];
  });
}

/** INVARIANT: what outsiders can set off gets a duty only where the binding spells the event out, whatever its globs match. */
function unnamedEvent({ when }: Binding, claims: Claims): readonly ClaimMiss[] {
  const wants = when.find(({ claim }) => claim === 'event')?.globs ?? [];
  const is = valuesOf(claims.event);
  return is.some((event) => isUnnamedOutsidersEvent(event, wants)) ? [{ claim: 'event', wants, is, because: 'outsiders-event' }] : [];
}

function valuesOf(claim: string | readonly string[] | undefined): readonly string[] {
  if (claim === undefined) return [];
  return typeof claim === 'string' ? [claim] : claim;
}

const LISTED_VALUE_CHARACTERS_MAX = 200;

/** Why there is no duty, in words for the person who asked; null when there is one. Lines are safe to print. */
export function describeChoice(choice: DutyChoice): string | null {
  switch (choice.kind) {
    case 'ok':
      return null;
    case 'several':
      return `Cannot choose a duty: ${quoted(choice.duties)} are all bound to this identity, expected one. Name it with --duty, or in a workflow by the input duty.`;
    case 'not-bound':
      return `Cannot use duty ${quoted([choice.asked])}: ${choice.defined ? 'no binding gives it to this identity' : 'the policy defines no such duty'}, expected one of ${quoted(choice.bound)}.`;
    case 'none-bound':
      return ['Cannot choose a duty: no binding of the policy matches this identity.', ...choice.misses.flatMap(describeMiss)].join('\n');
  }
}

function describeMiss(miss: BindingMiss): readonly string[] {
  return [`  ${miss.binding} (${miss.duties.join(', ')}):`, ...miss.unmatched.map((claim) => `    ${describeClaim(claim)}`)];
}

function describeClaim({ claim, wants, is, because }: ClaimMiss): string {
  if (because === undefined) return `${claim}: is ${is.length === 0 ? 'absent' : quoted(is)}, wants ${quoted(wants)}`;
  switch (because) {
    case 'outsiders-event':
      return `${claim}: ${quoted(is)} not bound: it runs with the repository's rights on what anybody may send; "event" has to name it`;
    case 'other-repository':
      return `${claim}: is ${quoted(is)} by name, but its id is that of another repository than the policy means by ${quoted(wants)}`;
    case 'unknown-repository':
      return `${claim}: is ${quoted(is)}, but GitHub showed no id for ${quoted(wants)} when the policy was loaded`;
  }
}

/** Claims hold what others chose, such as a branch's name: one line, escaped, cut. */
function quoted(values: readonly string[]): string {
  return values.map((value) => escapeUnprintable(JSON.stringify(value.slice(0, LISTED_VALUE_CHARACTERS_MAX)))).join(', ');
}

function escapeUnprintable(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
