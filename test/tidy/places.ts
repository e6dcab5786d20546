import type { ProjectFile } from './files.ts';

/** Files that name a place of the machine they were written on: the clone's folder, or something hidden in a home folder. */
export function machineProblems(
  files: readonly ProjectFile[],
  machine: { readonly root: string; readonly home: string },
): readonly string[] {
  const places = [machine.root, `${machine.home}/.`];
  return files.flatMap(({ path, text }) => places.filter((place) => text.includes(place)).map((place) => `${path}: names ${place}`));
}

/** Everything in a lock file that says from where packages come: each machine has its own registry. */
export function lockProblems(lock: string): readonly string[] {
  const packages: unknown = JSON.parse(lock, (key, value: unknown) => (key === 'funding' ? undefined : value));
  const places = JSON.stringify(packages).matchAll(/"((?:git\+)?(?:https?|ssh|git|file):[^"]*)"/g);
  return [...places].map(([, place]) => `package-lock.json: names ${place}`);
}

/**
 * Packages for other platforms that the lock file leaves out, because the registry in use when it was made did not have
 * them: `npm ci` then refuses it. An entry needs version, os and cpu only; what no platform of ours installs needs no more.
 */
export function lockGaps(lock: string): readonly string[] {
  const { packages }: { packages: Readonly<Record<string, { optionalDependencies?: Readonly<Record<string, string>> }>> } =
    JSON.parse(lock);
  return Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !foldersUp(folder).some((place) => `${place}node_modules/${name}` in packages))
      .map((name) => `package-lock.json: no ${name}, which ${folder || 'package.json'} names`),
  );
}

/** Where Node looks for a package's dependencies: in it, then beside each package around it. */
function foldersUp(folder: string): readonly string[] {
  if (folder === '') return [''];
  return [`${folder}/`, ...foldersUp(folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/'))))];
}
