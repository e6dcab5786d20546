import { existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FilesPlan } from './plan.ts';

const SHARED_FOLDERS = ['/tmp', '/var/tmp'] as const;

/** Off GitHub what a command writes where its user would expect to write stays (R17). */
export function filesAlone(cwd: string, home: string | undefined): FilesPlan {
  return { writable: folders([cwd, home, ...SHARED_FOLDERS]), layered: [], layersFolder: null, protected: [] };
}

/** What of a job's environment says where its folders are. */
export type JobEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * In a job only the workspace outlives the command, less what later steps would run of it (R17): the rest is written aside,
 * where later wrapped commands of the job see it and nothing else does.
 *
 * @param gitFolders of repositories in the workspace whose hooks later steps may run.
 * @param persisted of the policy: those that isPersistable are written for good, too.
 */
export function filesInJob(
  environment: JobEnvironment,
  jobFolder: string,
  gitFolders: readonly string[],
  persisted: readonly string[],
): FilesPlan {
  const { HOME: home, RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: toolCache } = environment;
  const layersFolder = join(jobFolder, 'layers');
  mkdirSync(layersFolder, { recursive: true, mode: 0o700 });
  const workspace = jobWorkspace(environment);
  const writable = folders([workspace ?? undefined, ...persisted.filter(isPersistable)]);
  const runByOthers = workspace === null ? [] : [join(workspace, '.github'), ...gitFolders.map((own) => join(own, 'hooks'))];
  return {
    writable,
    layered: folders([home, temp, toolCache, ...SHARED_FOLDERS]).filter((path) => !writable.includes(path)),
    layersFolder,
    protected: [...runByOthers.map(madeFolder), ...new Set(writable.flatMap(ownProgram))],
  };
}

/** What later steps run without being told: made where it is missing, or the command would make it. */
function madeFolder(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path);
  return path;
}

/** A folder that is there by this very path: a link, which an earlier command may have left, could lead anywhere. */
export function isPersistable(path: string): boolean {
  return isFolder(path) && realpathSync(path) === path;
}

/** Null where the job has none that is a folder. */
export function jobWorkspace({ GITHUB_WORKSPACE: workspace }: JobEnvironment): string | null {
  return folders([workspace])[0] ?? null;
}

/** Our own program where it lies in the workspace (`uses: ./`): later steps, post among them, run it from there. */
function ownProgram(workspace: string): readonly string[] {
  const own = realpathSync(fileURLToPath(new URL('..', import.meta.url)));
  if (own === workspace) return ['dist', 'package.json', 'action.yml'].map((name) => join(own, name)).filter(existsSync);
  return own.startsWith(`${workspace}/`) ? [own] : [];
}

/** Real folders, each once; never the root itself, which would be everything. */
function folders(paths: readonly (string | undefined)[]): readonly string[] {
  const real = paths.flatMap((path) => (path?.startsWith('/') && isFolder(path) ? [realpathSync(path)] : []));
  return [...new Set(real)].filter((path) => path !== '/');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
