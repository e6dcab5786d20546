import { spawnSync } from 'node:child_process';
import { accessSync, existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/**
 * Who runs a wrapped command in the tests. As root, as on a build machine: root, an ordinary user with passwordless sudo,
 * and one without. Anybody else runs them as who they are: nobody's own machine gets users that may do everything.
 */
export type TestUser = {
  readonly label: string;
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly entrance: 'sudo' | 'user-namespace';
};

const WITH_SUDO = 'dutygate-test';
const WITHOUT_SUDO = 'dutygate-plain';
const SUDOERS = '/etc/sudoers.d/dutygate-test';

/** Makes the two users, and installs Debian's sudo with them, where they are missing and root does it. Needs the network. */
export function prepareTestUsers(): void {
  if (!isRoot()) return;
  if (!existsSync('/usr/bin/sudo')) {
    mustRun(['apt-get', 'update', '-q']);
    mustRun(['apt-get', 'install', '-q', '-y', '--no-install-recommends', 'sudo']);
  }
  for (const name of [WITH_SUDO, WITHOUT_SUDO]) {
    if (spawnSync('id', [name]).status !== 0) mustRun(['useradd', '--create-home', '--shell', '/bin/bash', name]);
  }
  if (!existsSync(SUDOERS)) mustRun(['sh', '-c', `umask 227; echo '${WITH_SUDO} ALL=(ALL) NOPASSWD: ALL' >${SUDOERS}`]);
}

export function testUsers(): readonly TestUser[] {
  if (!isRoot()) {
    const { username, uid, gid } = userInfo();
    const entrance = spawnSync('sudo', ['-n', 'true']).status === 0 ? 'sudo' : 'user-namespace';
    return [{ label: 'this user', name: username, uid, gid, entrance }];
  }
  return [
    { label: 'the superuser', name: 'root', uid: 0, gid: 0, entrance: 'user-namespace' },
    { label: 'a user with sudo', name: WITH_SUDO, ...idsOf(WITH_SUDO), entrance: 'sudo' },
    { label: 'a user without sudo', name: WITHOUT_SUDO, ...idsOf(WITHOUT_SUDO), entrance: 'user-namespace' },
  ];
}

/** Command line that runs `command` as that user, in an environment of `env` alone. */
export function asUser(user: TestUser, env: readonly string[], command: readonly string[]): readonly string[] {
  if (!isRoot()) return ['env', '-i', ...env, ...command];
  const change = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, user.uid === 0 ? '--keep-groups' : '--init-groups', '--'];
  return [...change, 'env', '-i', ...env, ...command];
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } {
  const read = (option: string): number => Number(spawnSync('id', [option, name], { encoding: 'utf8' }).stdout);
  return { uid: read('-u'), gid: read('-g') };
}

function mustRun(command: readonly string[]): void {
  const [file = '', ...args] = command;
  const { status, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`Cannot prepare the tests' users: ${command.join(' ')} ended with ${status} (${stderr.trim()}), expected 0`);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A file in a folder that every test user may read. */
export function publicFile(path: string, content: string, mode: number): string {
  writeFileSync(path, content, { mode });
  accessSync(path);
  return path;
}
