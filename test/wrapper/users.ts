import { spawnSync } from 'node:child_process';
import { accessSync, existsSync, writeFileSync } from 'node:fs';

/**
 * Who runs a wrapped command in the tests: the superuser, an ordinary user with passwordless sudo, and one without.
 * The two are made on this machine when they are missing, and Debian's sudo with them.
 */
export type TestUser = {
  readonly label: string;
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly entrance: 'sudo' | 'user-namespace';
};

const SUDOERS = '/etc/sudoers.d/dutygate-test';

export function testUsers(): readonly TestUser[] {
  ensureSudo();
  for (const name of ['dutygate-test', 'dutygate-plain']) ensureUser(name);
  if (!existsSync(SUDOERS)) mustRun(['sh', '-c', `umask 227; echo 'dutygate-test ALL=(ALL) NOPASSWD: ALL' >${SUDOERS}`]);
  return [
    { label: 'the superuser', name: 'root', uid: 0, gid: 0, entrance: 'user-namespace' },
    { label: 'a user with sudo', name: 'dutygate-test', ...idsOf('dutygate-test'), entrance: 'sudo' },
    { label: 'a user without sudo', name: 'dutygate-plain', ...idsOf('dutygate-plain'), entrance: 'user-namespace' },
  ];
}

/** Command line that runs `command` as that user, in an environment of `env` alone. */
export function asUser(user: TestUser, env: readonly string[], command: readonly string[]): readonly string[] {
  const change = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, user.uid === 0 ? '--keep-groups' : '--init-groups', '--'];
  return [...asRoot(change), 'env', '-i', ...env, ...command];
}

function ensureSudo(): void {
  if (existsSync('/usr/bin/sudo')) return;
  mustRun(['apt-get', 'install', '-y', '--no-install-recommends', 'sudo']);
}

function ensureUser(name: string): void {
  if (spawnSync('id', [name]).status !== 0) mustRun(['useradd', '--create-home', '--shell', '/bin/bash', name]);
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } {
  const read = (option: string): number => Number(spawnSync('id', [option, name], { encoding: 'utf8' }).stdout);
  return { uid: read('-u'), gid: read('-g') };
}

function mustRun(command: readonly string[]): void {
  const [file = '', ...args] = asRoot(command);
  const { status, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`Cannot prepare the tests' users: ${command.join(' ')} ended with ${status} (${stderr.trim()}), expected 0`);
}

function asRoot(command: readonly string[]): readonly string[] {
  return process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
}

/** A file in a folder that every test user may read. */
export function publicFile(path: string, content: string, mode: number): string {
  writeFileSync(path, content, { mode });
  accessSync(path);
  return path;
}
