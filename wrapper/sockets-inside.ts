import { spawnSync } from 'node:child_process';
import { cageProgram } from './cage-program.ts';
import { boundSockets } from './host-sockets.ts';
import { inCageCommand } from './namespace.ts';
import type { CagePlace } from './plan.ts';
import type { Tools } from './tools.ts';
import { WrapError } from './wrap-error.ts';

const MS_MAX = 10_000;
const TABLE_BYTES_MAX = 16 * 1024 * 1024;

/** Paths that sockets in the network namespace of a cage were bound to. @throws WrapError `set-up` when they cannot be told */
export function socketsBoundIn(cage: CagePlace, tools: Pick<Tools, 'sudo' | 'env'>): readonly string[] {
  const [file = '', ...args] = inCageCommand(cage.entrance, tools, cageProgram(), ['sockets', String(cage.init), cage.network]);
  const { status, stdout, stderr } = spawnSync(file, args, {
    ...{ cwd: '/', env: {}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: MS_MAX, maxBuffer: TABLE_BYTES_MAX },
  });
  if (status !== 0) {
    throw new WrapError(
      'set-up',
      `Cannot see who listens in the outer cage: ${stderr.trim() || 'no answer'}, expected its list of sockets`,
    );
  }
  return boundSockets(stdout);
}
