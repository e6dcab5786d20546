import { spawn } from 'node:child_process';
import type { Entrance } from './plan.ts';
import type { Tools } from './tools.ts';
import { WrapError } from './wrap-error.ts';

const PROBE_MS_MAX = 10_000;

/**
 * The way into a cage that is open here: sudo without a password (hosted runners), else user namespaces. The superuser
 * needs no sudo, and a user namespace takes from it what a cage must not have.
 *
 * @throws WrapError `no-entrance`, saying what is missing and how to mend it.
 */
export async function chooseEntrance(tools: Tools, uid: number): Promise<Entrance> {
  if (uid !== 0 && tools.sudo !== null && (await succeeds([tools.sudo, '-n', '--', tools.true]))) return 'sudo';
  if (await succeeds([tools.unshare, '--user', '--map-root-user', '--net', '--mount', '--', tools.ip, 'link', 'set', 'lo', 'up'])) {
    return 'user-namespace';
  }
  const sudo = uid === 0 ? '' : tools.sudo === null ? 'sudo is not installed, ' : 'sudo asks for a password, ';
  throw new WrapError(
    'no-entrance',
    `Cannot enter a cage: ${sudo}user namespaces are forbidden here, expected one of the two. ` +
      'Allow passwordless sudo for this user, or unprivileged user namespaces ' +
      '(sysctl kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0); ' +
      'in a container: --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined',
  );
}

function succeeds(command: readonly string[]): Promise<boolean> {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    // Its own session: without a terminal at hand sudo cannot ask anybody.
    const child = spawn(file, args, { cwd: '/', env: {}, stdio: 'ignore', detached: true, timeout: PROBE_MS_MAX, killSignal: 'SIGKILL' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
