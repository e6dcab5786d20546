import { accessSync, constants, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AGENT_LAUNCHERS_MAX, type AgentLauncher, type OpenAnswer } from '#control/messages.ts';
import { agentPathTest, type PathTest } from '#core/policy/agent-glob.ts';
import { PRIVATE_FOLDERS } from './base-mounts.ts';
import { isWithin } from './mount-table.ts';
import { TOOL_FOLDERS } from './tools.ts';

type Rule = OpenAnswer['agents'][number];

const FOLDERS_MAX = 64;
const NAMES_MAX = 10_000;
/** What our own launchers need is never covered by one. */
const NEEDED = ['bash', 'env'] as const;

/**
 * Programs that the policy's agents are, as far as a command finds them by its PATH or the policy names them: each is to be started in
 * a cage of its own (R26). Those that are not found here are seen by what runs, as before.
 *
 * @param environment `NAME=value` entries of the command.
 */
export function findAgents(rules: readonly Rule[], environment: readonly Uint8Array[]): readonly AgentLauncher[] {
  if (rules.length === 0) return [];
  const folders = pathFolders(environment);
  const tests = rules.map(({ match }) => match.map(agentPathTest));
  const budget = { left: NAMES_MAX };
  const found = new Map<string, AgentLauncher>();
  for (const [rule, { match, duty }] of rules.entries()) {
    for (const name of match.flatMap((glob) => candidates(glob, folders, budget))) {
      const path = programAt(name);
      if (path === null || found.has(path) || found.size === AGENT_LAUNCHERS_MAX) continue;
      const isNamed = (each: string): boolean => (tests[rule] ?? []).some((test: PathTest) => test(each));
      if (PRIVATE_FOLDERS.some((folder) => isWithin(path, folder))) continue;
      if ((isNamed(name) || isNamed(path)) && !isOthers(path, { folders, isNamed })) found.set(path, { rule, duty, path, name });
    }
  }
  return [...found.values()];
}

/** First of the name, as the loader of programs has it. Relative ones mean something else in each folder. */
function pathFolders(environment: readonly Uint8Array[]): readonly string[] {
  const entry = environment.map((each) => Buffer.from(each).toString('utf8')).find((each) => each.startsWith('PATH='));
  const folders = (entry ?? '').slice('PATH='.length).split(':');
  return [...new Set(folders.filter((folder) => folder.startsWith('/')))].slice(0, FOLDERS_MAX);
}

/** A glob's last part is mostly a plain name, which is looked up; else what is there is looked through. */
function candidates(glob: string, folders: readonly string[], budget: { left: number }): readonly string[] {
  const last = basename(glob);
  if (!/[*?[\]{}()!+@]/.test(glob)) return [glob];
  if (!/[*?[\]{}()!+@]/.test(last)) return folders.map((folder) => join(folder, last));
  return folders.flatMap((folder) => {
    const names = namesIn(folder).slice(0, budget.left);
    budget.left -= names.length;
    return names.map((name) => join(folder, name));
  });
}

/** Its real path; null for what is no program. */
function programAt(name: string): string | null {
  try {
    accessSync(name, constants.X_OK);
    const path = realpathSync(name);
    return statSync(path).isFile() && path.length <= PATH_CHARACTERS_MAX ? path : null;
  } catch {
    return null;
  }
}

const PATH_CHARACTERS_MAX = 4096;

/** A program of many names is not covered for one of them (busybox), nor is what a launcher itself runs. */
function isOthers(path: string, { folders, isNamed }: { readonly folders: readonly string[]; readonly isNamed: PathTest }): boolean {
  const real = new Set(folders.map(realFolder));
  const own = [process.execPath, ...TOOL_FOLDERS.flatMap((folder) => NEEDED.map((name) => join(folder, name)))];
  return (real.has(dirname(path)) && !isNamed(path)) || own.some((each) => programAt(each) === path);
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
