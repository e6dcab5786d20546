import type { CagePlace, Entrance } from './plan.ts';
import type { Tools } from './tools.ts';

/**
 * The command line that makes the namespaces and starts the cage's init in them. Every word of it is ours: what differs
 * from run to run is in the session folder's files, so that no log of sudo and no process list shows it.
 *
 * @param script absolute path of the cage script; @param folder the session folder it reads its settings from.
 * @param outlives the cage is not to end with the process that makes it.
 */
export function cageCommand(entrance: Entrance, tools: Tools, { script, folder, outlives }: CageStart): readonly string[] {
  const namespaces = ['--net', '--pid', '--fork', '--kill-child', '--mount', '--propagation', 'private', '--ipc', '--uts'];
  const init = [tools.bash, '--norc', '--noprofile', script, folder];
  // Both signals at the parent's death are needed: changing uid clears the first one (TRIED, sudo entrance).
  const dieWithParent = outlives ? [] : [tools.setpriv, '--pdeathsig', 'KILL', '--'];
  switch (entrance) {
    case 'sudo':
      return [tools.sudo ?? 'sudo', '-n', '--', tools.env, '-i', ...dieWithParent, tools.unshare, ...namespaces, '--', ...init];
    case 'user-namespace':
      return [...dieWithParent, tools.unshare, '--user', '--map-root-user', ...namespaces, '--', ...init];
  }
}

export type CageStart = { readonly script: string; readonly folder: string; readonly outlives: boolean };

/**
 * The command line that starts a command in a cage that stands (wrapper/cage/enter.c).
 *
 * @param cage its init and its network, as that has told; @param start path of the start file; @param console the terminal's.
 */
export function enterCommand(
  entrance: Entrance,
  tools: Pick<Tools, 'sudo' | 'env'>,
  program: string,
  { cage, start, console, interactive }: EnterPlan,
): readonly string[] {
  return inCageCommand(entrance, tools, program, ['enter', String(cage.init), cage.network, start, console, interactive ? '1' : '0']);
}

/** The command line of our own program, with the rights to enter a cage that stands. */
export function inCageCommand(
  entrance: Entrance,
  tools: Pick<Tools, 'sudo' | 'env'>,
  program: string,
  words: readonly string[],
): readonly string[] {
  switch (entrance) {
    case 'sudo':
      return [tools.sudo ?? 'sudo', '-n', '--', tools.env, '-i', program, ...words];
    case 'user-namespace':
      return [program, ...words];
  }
}

/** The command line that makes a cage within one that stands (wrapper/cage/nest.c). @param folder its settings lie in it */
export function nestCommand(
  entrance: Entrance,
  tools: Pick<Tools, 'sudo' | 'env' | 'bash'>,
  program: string,
  { outer, folder }: { readonly outer: Pick<CagePlace, 'init' | 'network'>; readonly folder: string },
): readonly string[] {
  const init = [tools.bash, '--norc', '--noprofile', './nest'];
  return inCageCommand(entrance, tools, program, ['nest', String(outer.init), outer.network, folder, ...init]);
}

export type EnterPlan = {
  readonly cage: Pick<CagePlace, 'init' | 'network'>;
  readonly start: string;
  readonly console: string;
  readonly interactive: boolean;
};
