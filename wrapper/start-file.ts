import type { Entrance } from './plan.ts';
import { WrapError } from './wrap-error.ts';

export type StartSettings = {
  readonly entrance: Entrance;
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
  /** Of limits.ts. */
  readonly limits: readonly string[];
  /** The command's input is a terminal that becomes its controlling one. */
  readonly interactive: boolean;
  /** Absolute paths at which no socket is to be reached: what listens on the machine since the cage was made. */
  readonly hides: readonly string[];
  /** Absolute, as it is inside. */
  readonly cwd: string;
  readonly argv: readonly string[];
  /** `NAME=value` entries. */
  readonly environment: readonly Uint8Array[];
};

/**
 * How a command is to be started, as wrapper/cage/settings.c reads it: `key=value` records, each with a NUL at its end.
 *
 * @throws WrapError `usage` when a word holds a NUL itself.
 */
export function startFile(settings: StartSettings): Buffer {
  const { entrance, uid, gid, umask, limits, interactive, hides, cwd, argv, environment } = settings;
  const words = [
    `uid=${uid}`,
    `gid=${gid}`,
    `user-namespace=${entrance === 'user-namespace' ? 1 : 0}`,
    `terminal=${interactive ? 1 : 0}`,
    `umask=${umask.toString(8)}`,
    `folder=${cwd}`,
    ...hides.map((path) => `hide=${path}`),
    ...limits.map((limit) => `limit=${limit}`),
    ...argv.map((word) => `arg=${word}`),
  ];
  if (words.some((word) => word.includes('\0'))) {
    throw new WrapError('usage', 'Cannot run the command: an argument or path contains NUL, expected none');
  }
  const end = Buffer.of(0);
  const variables = environment.flatMap((entry) => [Buffer.from('env='), entry, end]);
  return Buffer.concat([...words.flatMap((word) => [Buffer.from(word), end]), ...variables]);
}
