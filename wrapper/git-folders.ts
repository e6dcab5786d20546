import { type Dirent, existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const DEPTH_MAX = 2;
const MODULES_DEPTH_MAX = 6;
/** Looked into, of one workspace: a job's own repositories lie near its root. */
const FOLDERS_MAX = 300;

/**
 * Where repositories in a workspace keep their settings: `.git` of its own and of folders in it, two deep, and of the submodules of each.
 * No link is followed.
 *
 * @param workspace a real path; @returns real paths of folders with a `config`, the workspace's own first.
 */
export function gitFolders(workspace: string): readonly string[] {
  const budget = { left: FOLDERS_MAX };
  return repositoriesIn(workspace, DEPTH_MAX, budget).flatMap((folder) => [folder, ...submodulesIn(join(folder, 'modules'), budget)]);
}

type Budget = { left: number };

function repositoriesIn(folder: string, depth: number, budget: Budget): readonly string[] {
  const own = join(folder, '.git');
  const here = hasConfig(own) ? [own] : [];
  if (depth === 0) return here;
  const inside = foldersIn(folder, budget).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  return [...here, ...inside.flatMap((name) => repositoriesIn(join(folder, name), depth - 1, budget))];
}

/** A submodule's name may have slashes, and its own submodules lie in it. */
function submodulesIn(folder: string, budget: Budget, depth = MODULES_DEPTH_MAX): readonly string[] {
  if (depth === 0) return [];
  return foldersIn(folder, budget).flatMap((name) => {
    const own = join(folder, name);
    return hasConfig(own) ? [own, ...submodulesIn(join(own, 'modules'), budget, depth - 1)] : submodulesIn(own, budget, depth - 1);
  });
}

function foldersIn(folder: string, budget: Budget): readonly string[] {
  if (budget.left <= 0) return [];
  const found = entriesOf(folder).filter((entry) => entry.isDirectory());
  const taken = found.slice(0, budget.left);
  budget.left -= taken.length;
  return taken.map(({ name }) => name).sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  } catch {
    return [];
  }
}

function hasConfig(folder: string): boolean {
  const isFolder = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder && existsSync(join(folder, 'HEAD')) && (lstatSync(join(folder, 'config'), { throwIfNoEntry: false })?.isFile() ?? false);
}
