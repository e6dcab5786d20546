import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AGENT_LAUNCHERS_MAX, type AgentLauncher, type OpenAnswer } from '#control/messages.ts';
import { agentPathTest, PATH_CHARACTERS_MAX, type PathTest } from '#core/policy/agent-glob.ts';
import { PRIVATE_FOLDERS } from './base-mounts.ts';
import { valueIn } from './environment.ts';
import { isWithin } from './mount-table.ts';
import { namesIn } from './names-in.ts';
import { realIfThere } from './real-if-there.ts';
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
  const place: Place = { real: new Set(folders.map(realIfThere)), needed: neededPrograms() };
  const budget = { left: NAMES_MAX };
  const found = new Map<string, AgentLauncher>();
  for (const [rule, { match, duty }] of rules.entries()) {
    const tests = match.map(agentPathTest);
    const isNamed: PathTest = (path) => tests.some((test) => test(path));
    for (const name of match.flatMap((glob) => candidates(glob, folders, budget))) {
      const path = programAt(name);
      if (path === null || found.has(path) || found.size === AGENT_LAUNCHERS_MAX) continue;
      if ((isNamed(name) || isNamed(path)) && mayBeCovered(path, place, isNamed)) found.set(path, { rule, duty, path, name });
    }
  }
  return [...found.values()];
}

/** `real`: of the PATH's folders; `needed`: of what a launcher itself runs. */
type Place = { readonly real: ReadonlySet<string>; readonly needed: ReadonlySet<string> };

/** Relative ones mean something else in each folder. */
function pathFolders(environment: readonly Uint8Array[]): readonly string[] {
  const folders = (valueIn(environment, 'PATH') ?? '').split(':');
  return [...new Set(folders.filter((folder) => folder.startsWith('/')))].slice(0, FOLDERS_MAX);
}

function neededPrograms(): ReadonlySet<string> {
  return new Set([process.execPath, ...TOOL_FOLDERS.flatMap((folder) => NEEDED.map((name) => join(folder, name)))].map(realIfThere));
}

const IS_GLOB = /[*?[\]{}()!+@]/;

/** A glob's last part is mostly a plain name, which is looked up; else what is there is looked through. */
function candidates(glob: string, folders: readonly string[], budget: { left: number }): readonly string[] {
  const last = basename(glob);
  if (!IS_GLOB.test(glob)) return [glob];
  if (!IS_GLOB.test(last)) return folders.map((folder) => join(folder, last));
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

/** Not what a launcher itself runs, nor what a cage has anew; nor a program of many names for one of them (busybox). */
function mayBeCovered(path: string, { real, needed }: Place, isNamed: PathTest): boolean {
  if (needed.has(path) || PRIVATE_FOLDERS.some((folder) => isWithin(path, folder))) return false;
  return isNamed(path) || !real.has(dirname(path));
}
