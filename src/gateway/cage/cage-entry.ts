import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** As wrapper/plan.ts has it; the gateway imports nothing of the wrapper. */
export type CageEntrance = 'sudo' | 'user-namespace';

const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'] as const;

/**
 * The command line that runs `program` in the network namespace of a cage, with an environment of two variables: the
 * IPC channel is descriptor 0, the only one that sudo leaves alone besides 1 and 2 (TRIED, sudo entrance).
 *
 * @param pid a process in that namespace; for `user-namespace` one in the cage's outer user namespace too.
 * @throws Error when a tool is missing.
 */
export function enterNetworkCommand(pid: number, entrance: CageEntrance, program: readonly string[]): readonly string[] {
  const channel = [tool('env'), '-i', 'NODE_CHANNEL_FD=0', 'NODE_CHANNEL_SERIALIZATION_MODE=json', ...program];
  switch (entrance) {
    case 'sudo':
      return [tool('sudo'), '-n', '--', tool('nsenter'), `--net=/proc/${pid}/ns/net`, '--', ...channel];
    case 'user-namespace':
      return [tool('nsenter'), '-t', String(pid), '-U', '-n', '--preserve-credentials', '--', ...channel];
  }
}

function tool(name: string): string {
  const path = TOOL_FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
  if (path === undefined) throw new Error(`Cannot enter the cage: ${name} is not in ${TOOL_FOLDERS.join(':')}, expected installed`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
