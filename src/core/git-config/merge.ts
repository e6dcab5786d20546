import { type GitConfigEntry, gitConfigText, parseGitConfig } from './parse.ts';

export type GitConfigMerge = {
  /** Of the real file; null: as it was. */
  readonly text: string | null;
  readonly passed: readonly string[];
  readonly refused: readonly { readonly name: string; readonly why: string }[];
};

type Test = (value: string) => boolean;

/** A repository's address that is one, and no program's name (git-remote-helpers: `ext::…`, `ext://…`) or option. */
const isAddress: Test = (value) =>
  /^(?:(?:https?|ssh|git|file):\/\/[^-]|[^-:\s/][^:\s/]*:(?!\/\/)[^:]|[./~][^:]*$|[A-Za-z0-9_][^:]*$)/.test(value);
const isRemote: Test = (value) => /^[A-Za-z0-9_.][A-Za-z0-9_./-]*$/.test(value);
const isRefspec: Test = (value) => /^[+^]?refs\//.test(value);
const isAny: Test = () => true;

/**
 * What a command may leave behind for later steps (R17): where repositories are, what belongs together, and who commits. Nothing that
 * git runs, or that says what else it reads.
 */
const MAY_STAY: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  remote: { url: isAddress, pushurl: isAddress, fetch: isRefspec },
  branch: {
    ...{ remote: isRemote, pushremote: isRemote, merge: isRefspec, description: isAny },
    rebase: (value) => /^(?:true|false|merges|interactive)$/.test(value),
  },
  submodule: { url: isAddress, active: isAny, branch: isAny },
  user: { name: isAny, email: isAny },
};

/**
 * What becomes of the real configuration when a command has changed its copy.
 *
 * @param real as it is now; @param given as the command got it; @param left as it is after the command.
 */
export function mergeGitConfig(real: string, given: string, left: string): GitConfigMerge {
  if (left === given) return { text: null, passed: [], refused: [] };
  const [now, before, after] = [real, given, left].map(parseGitConfig);
  if (now == null || before == null || after == null) {
    return { text: null, passed: [], refused: [{ name: '*', why: 'it cannot be read as a git configuration' }] };
  }
  const judged = changedKeys(before, after).map((each) => ({ ...each, why: faultOf(each) }));
  const refused = judged.flatMap(({ name, why }) => (why === null ? [] : [{ name, why }]));
  const passed = judged.filter(({ why }) => why === null);
  if (passed.length === 0) return { text: null, passed: [], refused };
  const names = new Set(passed.map(({ name }) => name));
  const kept = without(
    real,
    now.filter((entry) => names.has(nameOf(entry))),
  );
  const added = gitConfigText(passed.flatMap(({ key, values }) => values.map((value) => ({ ...key, value }))));
  const gap = kept === '' || kept.endsWith('\n') ? '' : '\n';
  return { text: `${kept}${gap}${added}`, passed: [...names], refused };
}

type Key = Pick<GitConfigEntry, 'section' | 'subsection' | 'name'>;
type Defined = { readonly name: string; readonly key: Key; readonly values: (string | null)[] };

function changedKeys(before: readonly GitConfigEntry[], after: readonly GitConfigEntry[]): readonly Defined[] {
  const [then, now] = [byName(before), byName(after)];
  const gone = [...then.values()].filter(({ name }) => !now.has(name)).map((each) => ({ ...each, values: [] }));
  const others = [...now.values()].filter(({ name, values }) => JSON.stringify(values) !== JSON.stringify(then.get(name)?.values));
  return [...gone, ...others];
}

/** All that is defined for each, in its order. */
function byName(entries: readonly GitConfigEntry[]): ReadonlyMap<string, Defined> {
  const found = new Map<string, Defined>();
  for (const entry of entries) {
    const { section, subsection, name: last, value } = entry;
    const name = nameOf(entry);
    const known = found.get(name);
    if (known === undefined) found.set(name, { name, key: { section, subsection, name: last }, values: [value] });
    else known.values.push(value);
  }
  return found;
}

function faultOf({ key: { section, subsection, name }, values }: Defined): string | null {
  const names = Object.hasOwn(MAY_STAY, section) ? MAY_STAY[section] : undefined;
  const isGood = names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
  if (isGood === undefined || (section !== 'user' && !/^[^-]/.test(subsection ?? '')))
    return 'it is not among what may stay for later steps';
  return values.every((value) => value !== null && isGood(value)) ? null : 'its value could have git run a program';
}

/** Unambiguous: a subsection may hold anything, a section and a name no space. */
function nameOf({ section, subsection, name }: Key): string {
  return subsection === null ? `${section}.${name}` : `${section}.${subsection}.${name}`;
}

/** A line that held nothing else goes with its definition. */
function without(text: string, entries: readonly GitConfigEntry[]): string {
  let [kept, at] = ['', 0];
  for (const { from, to } of entries) {
    const start = text.lastIndexOf('\n', from - 1) + 1;
    const isAlone = /^[ \t]*$/.test(text.slice(start, from));
    kept += text.slice(at, isAlone ? start : from);
    at = isAlone && text[to] === '\n' ? to + 1 : to;
  }
  return kept + text.slice(at);
}
