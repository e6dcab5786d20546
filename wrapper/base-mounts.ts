import { dirname } from 'node:path';
import { ASIDE, HOST_ASIDE, LAYERS_ASIDE, type MountLine } from './mount-line.ts';

/** What the cage has anew, whatever the host has there. */
export const PRIVATE_FOLDERS = ['/run', '/dev', '/proc'] as const;
/** Ours in the cage, for the command to read. */
export const OWN_FOLDER = '/run/duty-gate';
/** The links that a plan's aliases are, by number (wrapper/cage/aliases.c), and where they lead. */
export const ALIASES_FOLDER = '/run/duty-gate/aliases';
export const ALIASED_FOLDER = '/run/duty-gate-aliases';
/** Our programs in agents' places, by the number of the policy's rule. */
export const LAUNCHERS_FOLDER = '/run/duty-gate/agents';
export const EMPTY_FILE = '/run/duty-gate/empty';

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'] as const;
/** Everything but what a target's address can be: nothing is run from them, no device is opened there. */
const QUIET = ['nosuid', 'nodev'] as const;

export type BasePlan = {
  /** Of the private file systems, in the mount table: one that no host's mount has. */
  readonly name: string;
  readonly uid: number;
  /** Who is to own what belongs to the command, as the cage's init names it. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Of the host; null when no upper layer is kept. */
  readonly layersFolder: string | null;
  /** Path of the command's terminal on the host; null: a cage of many commands, and many terminals, has none of them. */
  readonly console: string | null;
  /** Where /etc/resolv.conf leads. */
  readonly resolvConf: string;
  readonly hasVarRun: boolean;
};

/** The private places, empty as yet, and the host's tree aside. What is below /proc the cage's init adds: it sees what there is. */
export function firstMounts({ name, uid, owner, layersFolder, resolvConf, hasVarRun }: BasePlan): readonly MountLine[] {
  const tmpfs = (point: string, ...options: string[]): MountLine => ({
    point,
    source: name,
    type: 'tmpfs',
    options: [...options, 'X-mount.mkdir'],
  });
  const owned = [`uid=${owner.uid}`, `gid=${owner.gid}`];
  const resolvFolder = dirname(resolvConf);
  return [
    { point: '/run', source: name, type: 'tmpfs', options: ['mode=0755', ...QUIET, 'size=256m'] },
    ...(hasVarRun ? [tmpfs('/var/run', 'mode=0755', ...QUIET, 'size=64m')] : []),
    { point: HOST_ASIDE, source: '/', type: 'none', options: ['rbind', 'X-mount.mkdir'] },
    ...(layersFolder === null ? [] : [bind(layersFolder, LAYERS_ASIDE, 'rw', ...QUIET, 'X-mount.mkdir')]),
    tmpfs('/run/lock', 'mode=1777', ...QUIET, 'size=8m'),
    tmpfs(`/run/user/${uid}`, 'mode=0700', ...owned, ...QUIET, 'size=256m'),
    tmpfs(OWN_FOLDER, 'mode=0755', ...QUIET, 'size=8m'),
    ...(resolvFolder.startsWith('/run/') ? [tmpfs(resolvFolder, 'mode=0755', ...QUIET, 'size=64k')] : []),
    { point: '/dev', source: name, type: 'tmpfs', options: ['mode=0755', 'nosuid', 'noexec', 'size=64k'] },
    {
      point: '/dev/pts',
      source: name,
      type: 'devpts',
      options: ['newinstance', 'ptmxmode=0666', 'mode=0620', 'nosuid', 'noexec', 'X-mount.mkdir'],
    },
    tmpfs('/dev/shm', 'mode=1777', ...QUIET),
  ];
}

/** Files in /dev that stand for devices, for `deviceMounts` to cover. */
export const DEVICE_FILES: readonly string[] = [...DEVICES, 'console'];

/**
 * Read-only keeps nobody from writing to a device, and uid 0 from changing its mode for the whole machine (R15). The
 * command's terminal is the host's and goes on working as an open descriptor; /dev/console is its name inside, if there is one.
 */
export function deviceMounts({ console }: BasePlan): readonly MountLine[] {
  const sources = [
    ...DEVICES.map((name) => ({ name, source: `/dev/${name}` })),
    ...(console === null ? [] : [{ name: 'console', source: console }]),
  ];
  const devices = sources.map(({ name, source }) => bind(`${HOST_ASIDE}${source}`, `/dev/${name}`, 'ro', 'dev', 'nosuid', 'noexec'));
  return console === null ? [...devices, bind(EMPTY_FILE, '/dev/console', 'ro', ...QUIET, 'noexec')] : devices;
}

/** What is closed when all else is made. */
export function lastMounts({ name, resolvConf }: BasePlan): readonly MountLine[] {
  return [
    bind(`${OWN_FOLDER}/resolv.conf`, resolvConf, 'ro', ...QUIET),
    bind(OWN_FOLDER, OWN_FOLDER, 'ro', ...QUIET),
    { point: ASIDE, source: name, type: 'tmpfs', options: ['ro', 'mode=0555', ...QUIET, 'noexec', 'size=4k'] },
  ];
}

export function bind(source: string, point: string, ...options: readonly string[]): MountLine {
  return { point, source, type: 'none', options: ['bind', ...options] };
}
