import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { cageProgram } from './cage-program.ts';
import { chooseEntrance } from './entrance.ts';
import { openTerminal } from './pty.ts';
import { findTools, TOOL_FOLDERS } from './tools.ts';
import { messageOf } from './wrap-error.ts';

/** One thing that the host has or lacks. `missing` keeps cages from being made; `note` is good to know. */
export type HostCheck = {
  readonly name: string;
  readonly state: 'good' | 'note' | 'missing';
  readonly found: string;
  /** How to mend it; null where nothing needs it. */
  readonly mend: string | null;
};

/** What a cage needs of this machine, one by one: a check that fails says nothing of the others. */
export async function checkHost(uid: number): Promise<readonly HostCheck[]> {
  return [
    kernel(),
    outcome(
      'tools',
      () => `found in ${TOOL_FOLDERS.join(':')}`,
      () => void findTools(TOOL_FOLDERS),
    ),
    outcome(
      'cage program',
      () => 'as built',
      () => void cageProgram(),
    ),
    await entrance(uid),
    limit('user namespaces', '/proc/sys/user/max_user_namespaces', (value) => value > 0, 'sysctl user.max_user_namespaces=15000'),
    limit(
      'user namespaces of ordinary users',
      '/proc/sys/kernel/unprivileged_userns_clone',
      (value) => value === 1,
      'sysctl kernel.unprivileged_userns_clone=1',
    ),
    limit(
      'AppArmor on user namespaces',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
      (value) => value === 0,
      'sysctl kernel.apparmor_restrict_unprivileged_userns=0, or passwordless sudo',
    ),
    has('system call filter', '/proc/sys/kernel/seccomp/actions_avail', /\berrno\b/, 'missing', 'a kernel with CONFIG_SECCOMP_FILTER'),
    has('overlays', '/proc/filesystems', /\boverlay$/m, 'note', 'modprobe overlay; without it a job cannot write aside to /tmp and HOME'),
    outcome(
      'terminal',
      () => 'one can be opened',
      () => openTerminal(80, 24).close(),
    ),
    { name: 'IPv6', state: 'good', found: existsSync('/proc/net/if_inet6') ? 'there, and closed inside like IPv4' : 'none', mend: null },
    {
      name: 'control groups',
      state: 'good',
      found: existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'version 2' : 'version 1, or none',
      mend: null,
    },
  ];
}

function kernel(): HostCheck {
  const found = `${process.platform} ${release()} ${process.arch}`;
  const mend = process.platform === 'linux' ? null : 'a Linux machine';
  return { name: 'kernel', state: mend === null ? 'good' : 'missing', found, mend };
}

/** Which way in is taken; and, as a note, why the other is not open. */
async function entrance(uid: number): Promise<HostCheck> {
  try {
    const tools = findTools(TOOL_FOLDERS);
    const taken = await chooseEntrance(tools, uid);
    const other =
      taken === 'sudo' && (await isOpen(() => chooseEntrance({ ...tools, sudo: null }, uid))) ? '; user namespaces would do, too' : '';
    return { name: 'entrance', state: 'good', found: `${taken === 'sudo' ? 'passwordless sudo' : 'user namespaces'}${other}`, mend: null };
  } catch (error) {
    return { name: 'entrance', state: 'missing', found: 'none', mend: messageOf(error) };
  }
}

async function isOpen(way: () => Promise<unknown>): Promise<boolean> {
  return way().then(
    () => true,
    () => false,
  );
}

function outcome(name: string, found: () => string, look: () => void): HostCheck {
  try {
    look();
    return { name, state: 'good', found: found(), mend: null };
  } catch (error) {
    return { name, state: 'missing', found: 'not as it must be', mend: messageOf(error) };
  }
}

/** Limits matter only to one of the entrances: a note. Where the file is not there, there is no such limit. */
function limit(name: string, path: string, isEnough: (value: number) => boolean, mend: string): HostCheck {
  const text = read(path);
  const isGood = text === null || isEnough(Number(text));
  return { name, state: isGood ? 'good' : 'note', found: text === null ? 'no limit' : `${path} is ${text}`, mend: isGood ? null : mend };
}

function has(name: string, path: string, pattern: RegExp, otherwise: 'note' | 'missing', mend: string): HostCheck {
  const isThere = pattern.test(read(path) ?? '');
  return { name, state: isThere ? 'good' : otherwise, found: isThere ? 'there' : `not in ${path}`, mend: isThere ? null : mend };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
