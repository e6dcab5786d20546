import { agentPathTest, type PathTest } from '#core/policy/agent-glob.ts';
import type { AgentRule } from '#core/policy/policy.ts';

/** A process of a cage as it showed when a connection came. */
export type SeenProcess = {
  readonly pid: number;
  readonly parent: number;
  /** What it is called, by its own word. */
  readonly name: string;
  /** Its program; null: it hides it. */
  readonly executable: string | null;
  readonly arguments: readonly string[];
  readonly folder: string | null;
};

export type CageSight =
  | {
      readonly kind: 'seen';
      readonly processes: readonly SeenProcess[] /** Who has the connection's socket. */;
      readonly holders: readonly number[];
    }
  | { readonly kind: 'unclear'; readonly why: string };

export type SeenAgent =
  | {
      readonly rule: AgentRule;
      readonly proof: 'executable' | 'script' | 'name';
      readonly match: string;
      readonly executable: string;
      readonly pid: number;
    }
  | { readonly rule: AgentRule; readonly proof: 'unproved'; readonly why: string };

/**
 * What a look into a cage means for its right: every rule that some process in it matches, once. All of them count, not the
 * connecting one and its ancestors alone (R25): what they share is the cage (R26). Where it cannot be told who connects, every rule.
 *
 * @param launchers paths at which this cage has programs of ours in the agents' places
 */
export function agentsIn(rules: readonly AgentRule[], sight: CageSight, launchers: ReadonlySet<string> = new Set()): readonly SeenAgent[] {
  if (sight.kind === 'unclear') return rules.map((rule) => ({ rule, proof: 'unproved', why: sight.why }));
  const why = doubtOf(sight);
  const candidates = sight.processes.filter((process) => !isLauncher(process, launchers)).flatMap(candidatesOf);
  return rules.flatMap((rule): readonly SeenAgent[] => {
    const found = firstMatch(rule, candidates);
    if (found !== null) return [found];
    return why === null ? [] : [{ rule, proof: 'unproved', why }];
  });
}

/** Why nobody can say that no agent connects; null when somebody can. Who hides what it is may hold the socket, too (R21). */
function doubtOf({ processes, holders }: Extract<CageSight, { kind: 'seen' }>): string | null {
  const hidden = processes.find(({ executable }) => executable === null);
  if (hidden !== undefined) return `process ${hidden.pid} (${printable(hidden.name)}) hides what it is`;
  return holders.length === 0 ? 'no process of the cage shows that it holds the socket' : null;
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?');
}

/** In a cage where it stands in the agent's place, the agent cannot be run by that path: whoever has it is about to start it elsewhere. */
function isLauncher({ executable, arguments: given, folder }: SeenProcess, launchers: ReadonlySet<string>): boolean {
  return launchers.size > 0 && /\/bash$/.test(executable ?? '') && given[1] === '-p' && launchers.has(absolutePath(given[2] ?? '', folder));
}

/** Of a command line: what an interpreter may be given to run, by absolute paths. */
export function scriptsOf([program = '', ...given]: readonly string[]): readonly string[] {
  return isInterpreter(program) ? scriptArguments(given).filter((path) => path.startsWith('/')) : [];
}

type Candidate = { readonly pid: number; readonly proof: 'executable' | 'script' | 'name'; readonly path: string };

/** The strongest proof first. What a process says of itself can only narrow, so all of it is looked at. */
function candidatesOf({ pid, name, executable, arguments: given, folder }: SeenProcess): readonly Candidate[] {
  const [called = '', ...more] = given;
  // What the kernel adds to the path of a file that is gone.
  const program = executable === null ? [] : [executable, executable.replace(/ \(deleted\)$/, '')];
  const scripts = [executable ?? '', called].some(isInterpreter) ? scriptArguments(more) : [];
  const absolute = (path: string) => absolutePath(path, folder);
  return [
    ...[...new Set(program)].map((path) => ({ pid, proof: 'executable' as const, path })),
    ...scripts.map((path) => ({ pid, proof: 'script' as const, path: absolute(path) })),
    // Bare names stay bare: `**/agent` matches them, `/usr/bin/agent` does not.
    ...[called.includes('/') ? absolute(called) : called, name].map((path) => ({ pid, proof: 'name' as const, path })),
  ];
}

const INTERPRETERS =
  /^(?:node|nodejs|bun|deno|python|pypy|ruby|perl|php|lua|luajit|bash|sh|dash|ash|zsh|ksh|mksh|fish|busybox|tclsh|Rscript|java|dotnet|pwsh|env)[0-9.]*$/;

function isInterpreter(path: string): boolean {
  return INTERPRETERS.test(
    path
      .replace(/ \(deleted\)$/, '')
      .replace(/^.*\//, '')
      .replace(/^-/, ''),
  );
}

/** Arguments of an interpreter that are looked at. */
const ARGUMENTS_MAX = 32;

/** Each argument that may be the script: the first that is no option, and one behind an option, of which nobody knows whether it is its value. */
function scriptArguments(given: readonly string[]): readonly string[] {
  const found: string[] = [];
  let afterOption = false;
  for (const argument of given.slice(0, ARGUMENTS_MAX)) {
    if (argument.startsWith('-')) {
      afterOption = !argument.includes('=');
      continue;
    }
    found.push(argument);
    if (!afterOption) break;
    afterOption = false;
  }
  return found;
}

function absolutePath(path: string, folder: string | null): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder ?? ''}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const PROOFS = ['executable', 'script', 'name'] as const;

function firstMatch(rule: AgentRule, candidates: readonly Candidate[]): SeenAgent | null {
  for (const proof of PROOFS) {
    for (const { pid, path } of candidates.filter((candidate) => candidate.proof === proof)) {
      const match = testsOf(rule).find(({ test }) => test(path));
      if (match !== undefined) return { rule, proof, match: match.glob, executable: path, pid };
    }
  }
  return null;
}

/** A rule is immutable, so what its globs compile to is kept as long as it lives. */
const TESTS = new WeakMap<AgentRule, readonly { readonly glob: string; readonly test: PathTest }[]>();

function testsOf(rule: AgentRule): readonly { readonly glob: string; readonly test: PathTest }[] {
  const known = TESTS.get(rule);
  if (known !== undefined) return known;
  const made = rule.match.map((glob) => ({ glob, test: agentPathTest(glob) }));
  TESTS.set(rule, made);
  return made;
}
