import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the wrapper knows of its surroundings; everything else is looked up. */
export type HostView = {
  readonly uid: number;
  /** Of the wrapper itself: names of agents' sockets and of the runner's files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the gate consists of: the bundle, the cage's program. */
  readonly programFiles: readonly string[];
};

const BAITS_OF_A_KIND_MAX = 4;

/**
 * What of the host's own an escape could reach, as records for wrapper/cage/probe.c: `NAME=VALUE`, where NAME is an
 * attempt's bait. Only what exists is named, so that what does not is told as absent.
 */
export function hostPlaces(view: HostView): readonly string[] {
  return [
    ...records(sockets(view), isSocket),
    ...records(PROGRAMS, isProgram),
    ...records(FOLDERS, isFolder).map(withNumbers),
    ...records(writtenFiles(view), isFile).map(withNumbers),
    ...records({ 'terminal-outside': ownTerminals() }, existsSync).map(withNumbers),
    ...records({ 'cgroup-write': controlGroupFiles() }, existsSync),
    ...records({ 'block-device-open': blockDevices() }, existsSync),
    ...resolvers().map((address) => `dns-real-resolver=${address}`),
    ...['net', 'pid', 'mnt', 'ipc', 'uts'].map((name) => `namespace-${name}=${statSync(`/proc/self/ns/${name}`).ino}`),
    `outside-process=${process.pid} ${startTime()}`,
  ];
}

/** Where services listen. `/run` and `/var/run` are one on most machines, and not on all. */
function sockets({ uid, env }: HostView): Readonly<Record<string, readonly string[]>> {
  const own = `/run/user/${uid}`;
  const run = (path: string): readonly string[] => [`/run/${path}`, `/var/run/${path}`];
  const home = env['HOME'] ?? '';
  return {
    'container-socket-docker': [...run('docker.sock'), `${own}/docker.sock`, join(home, '.docker/run/docker.sock')],
    'container-socket-containerd': run('containerd/containerd.sock'),
    'container-socket-podman': [...run('podman/podman.sock'), `${own}/podman/podman.sock`],
    'container-socket-crio': run('crio/crio.sock'),
    'container-socket-buildkit': [...run('buildkit/buildkitd.sock'), `${own}/buildkit/buildkitd.sock`],
    'dbus-system': run('dbus/system_bus_socket'),
    'dbus-session': [`${own}/bus`, ...busPath(env['DBUS_SESSION_BUS_ADDRESS'])],
    'systemd-private': run('systemd/private'),
    'systemd-user-private': [`${own}/systemd/private`],
    'dns-resolved-socket': run('systemd/resolve/io.systemd.Resolve'),
    'dns-nscd-socket': run('nscd/socket'),
    'ssh-agent': [env['SSH_AUTH_SOCK'] ?? '', `${own}/ssh-agent.socket`, `${own}/keyring/ssh`],
    'gpg-agent': [`${own}/gnupg/S.gpg-agent`, join(env['GNUPGHOME'] ?? join(home, '.gnupg'), 'S.gpg-agent')],
  };
}

const PROGRAMS = {
  'sudo-set-uid': ['/usr/bin/sudo', '/usr/local/bin/sudo'],
  'su-set-uid': ['/usr/bin/su', '/bin/su'],
  'pkexec-set-uid': ['/usr/bin/pkexec'],
  'mount-set-uid': ['/usr/bin/mount', '/bin/mount'],
  'crontab-set-gid': ['/usr/bin/crontab'],
  'at-set-uid': ['/usr/bin/at'],
  'file-capabilities': ['/usr/bin/ping', '/usr/bin/newuidmap', '/usr/bin/newgidmap', '/usr/bin/mtr-packet', '/usr/bin/dumpcap'],
} as const;

const FOLDERS = {
  'cron-spool': ['/var/spool/cron/crontabs', '/var/spool/cron'],
  'at-spool': ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs'],
  'cron-folder': ['/etc/cron.d'],
} as const;

function writtenFiles({ env, programFiles }: HostView): Readonly<Record<string, readonly string[]>> {
  const named = (name: string): readonly string[] => [env[name] ?? ''];
  return {
    'action-dist-write': programFiles,
    'runner-env-write': named('GITHUB_ENV'),
    'runner-path-write': named('GITHUB_PATH'),
    'runner-summary-write': named('GITHUB_STEP_SUMMARY'),
  };
}

/** `unix:path=/run/user/1000/bus,guid=…` of the D-Bus specification; other transports are no files. */
function busPath(address: string | undefined): readonly string[] {
  const path = /(?:^|;)unix:path=([^,;]+)/.exec(address ?? '')?.[1];
  return path === undefined ? [] : [path];
}

function ownTerminals(): readonly string[] {
  const terminals = [0, 1, 2].map((fd) => attempt(() => readlinkSync(`/proc/self/fd/${fd}`)) ?? '');
  return [...new Set(terminals.filter((path) => /^\/dev\/(?:pts\/\d+|tty\w+)$/.test(path)))];
}

/** Of our own group, the root group and, in version 1, what starts a program: writable means limits can be changed. */
function controlGroupFiles(): readonly string[] {
  const root = '/sys/fs/cgroup';
  const names = attempt(() => readdirSync(root)) ?? [];
  const own = /^0::(\/.*)$/m.exec(attempt(() => readFileSync('/proc/self/cgroup', 'utf8')) ?? '')?.[1] ?? '/';
  return [join(root, own, 'cgroup.procs'), join(root, 'cgroup.procs'), ...names.map((name) => join(root, name, 'release_agent'))];
}

function blockDevices(): readonly string[] {
  const names = attempt(() => readdirSync('/sys/class/block')) ?? [];
  return names.filter((name) => !/^(?:loop|ram|zram)/.test(name)).map((name) => `/dev/${name}`);
}

function resolvers(): readonly string[] {
  const text = attempt(() => readFileSync('/etc/resolv.conf', 'utf8')) ?? '';
  return [...text.matchAll(/^nameserver\s+([0-9a-fA-F.:]+)\s*$/gm)].map(([, address = '']) => address).slice(0, BAITS_OF_A_KIND_MAX);
}

/** Clock ticks after boot (proc_pid_stat(5), field 22): with the pid, no other process has it. */
function startTime(): string {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function records(paths: Readonly<Record<string, readonly string[]>>, is: (path: string) => boolean): readonly string[] {
  return Object.entries(paths).flatMap(([name, candidates]) => {
    const found = candidates.filter((path) => path.startsWith('/') && !path.includes('\0') && is(path));
    const real = new Set(
      found.map((path) => attempt(() => join(realpathSync(dirname(path)), path.slice(path.lastIndexOf('/') + 1))) ?? path),
    );
    return [...real].slice(0, BAITS_OF_A_KIND_MAX).map((path) => `${name}=${path}`);
  });
}

/** `NAME=DEVICE INODE PATH`: inside, another file may have its place. */
function withNumbers(record: string): string {
  const [name = '', path = ''] = splitOnce(record);
  const { dev, ino } = statSync(path, { bigint: true });
  return `${name}=${dev} ${ino} ${path}`;
}

function splitOnce(record: string): readonly [string, string] {
  const at = record.indexOf('=');
  return [record.slice(0, at), record.slice(at + 1)];
}

const isSocket = (path: string): boolean => attempt(() => statSync(path).isSocket()) ?? false;
const isProgram = (path: string): boolean => attempt(() => statSync(path).isFile()) ?? false;
const isFolder = (path: string): boolean => attempt(() => statSync(path).isDirectory()) ?? false;
const isFile = isProgram;

function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
