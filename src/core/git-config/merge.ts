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
  const changed = changedKeys(before, after);
  const refused = changed.flatMap(({ key, values }) => {
    const why = faultOf(key, values);
    return why === null ? [] : [{ name: nameOf(key), why }];
  });
  const passed = changed.filter(({ key, values }) => faultOf(key, values) === null);
  if (passed.length === 0) return { text: null, passed: [], refused };
  const keys = new Set(passed.map(({ key }) => nameOf(key)));
  const kept = without(
    real,
    now.filter((entry) => keys.has(nameOf(entry))),
  );
  const added = gitConfigText(passed.flatMap(({ key, values }) => values.map((value) => ({ ...key, value }))));
  const gap = kept === '' || kept.endsWith('\n') ? '' : '\n';
  return { text: `${kept}${gap}${added}`, passed: [...keys], refused };
}

type Key = Pick<GitConfigEntry, 'section' | 'subsection' | 'name'>;
type Changed = { readonly key: Key; readonly values: readonly (string | null)[] };

function changedKeys(before: readonly GitConfigEntry[], after: readonly GitConfigEntry[]): readonly Changed[] {
  const keys = new Map([...before, ...after].map((entry) => [nameOf(entry), entry]));
  return [...keys].flatMap(([name, { section, subsection, name: last }]) => {
    const [then, now] = [before, after].map((entries) => entries.filter((each) => nameOf(each) === name).map(({ value }) => value));
    return JSON.stringify(then) === JSON.stringify(now) ? [] : [{ key: { section, subsection, name: last }, values: now ?? [] }];
  });
}

function faultOf({ section, subsection, name }: Key, values: readonly (string | null)[]): string | null {
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
