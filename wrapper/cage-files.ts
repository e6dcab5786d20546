import { lstatSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CAGE_SCRIPT, LAST_SCRIPT } from './cage-script.ts';
import { hiddenPaths } from './hidden.ts';
import type { Entrance, WrapPlan } from './plan.ts';
import type { Tools } from './tools.ts';
import { WrapError } from './wrap-error.ts';

const RESOLV_CONF_LINKS_MAX = 16;

export type CageSettings = {
  readonly entrance: Entrance;
  readonly tools: Tools;
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
  /** Options for prlimit. */
  readonly limits: readonly string[];
  /** Path of the command's terminal on the host. */
  readonly console: string;
};

export type CageFiles = {
  readonly script: string;
  /** Removes them; once is enough, twice does no harm. */
  unlink(): void;
};

/**
 * Hands plan and environment over to the cage: three files of mode 0600 in the session folder, since sudo rewrites the
 * environment, closes descriptors and logs its arguments. They are gone before anything caged runs.
 */
export function writeCageFiles(plan: WrapPlan, settings: CageSettings): CageFiles {
  const folder = plan.cage.sessionFolder;
  const paths = { script: join(folder, 'cage'), setup: join(folder, 'setup'), environment: join(folder, 'environment') };
  const write = (path: string, data: string | Uint8Array): void => writeFileSync(path, data, { mode: 0o600, flag: 'wx' });
  const records = setupRecords(plan, settings);
  write(paths.script, CAGE_SCRIPT);
  write(paths.setup, records);
  write(paths.environment, Buffer.concat(plan.environment.flatMap((entry) => [entry, Buffer.of(0)])));
  return {
    script: paths.script,
    unlink() {
      for (const path of Object.values(paths)) rmSync(path, { force: true });
    },
  };
}

function setupRecords(plan: WrapPlan, settings: CageSettings): string {
  const [program = ''] = plan.argv;
  // env(1) takes a first word with `=` for a variable; sh has no such words.
  const argv = program.includes('=') ? ['/bin/sh', '-c', 'exec "$@"', 'sh', ...plan.argv] : plan.argv;
  const hide = hiddenPaths([...plan.cage.hide, plan.cage.sessionFolder]);
  requireVisible(plan.cwd, hide);
  const records = [
    ...Object.entries(settings.tools).flatMap(([name, path]) => (path === null ? [] : [`tool:${name}=${path}`])),
    ...hide.map((path) => `hide=${path}`),
    ...argv.map((word) => `argv=${word}`),
    ...settings.limits.map((limit) => `limit=${limit}`),
    `uid=${settings.uid}`,
    `gid=${settings.gid}`,
    `umask=${settings.umask.toString(8)}`,
    `cwd=${plan.cwd}`,
    `entrance=${settings.entrance}`,
    `interactive=${plan.terminal.interactive ? 1 : 0}`,
    `console=${settings.console}`,
    `ca=${plan.cage.ca}`,
    `resolv=${resolvConf(plan.cage.resolvers)}`,
    `resolv_path=${resolvConfTarget('/etc/resolv.conf')}`,
    `last=${LAST_SCRIPT}`,
  ];
  if (records.some((record) => record.includes('\0'))) {
    throw new WrapError('usage', 'Cannot run the command: an argument or path contains NUL, expected none');
  }
  return records.map((record) => `${record}\0`).join('');
}

function requireVisible(cwd: string, hide: readonly string[]): void {
  const cover = hide.find((path) => cwd === path || cwd.startsWith(`${path}/`));
  if (cover !== undefined)
    throw new WrapError('set-up', `Cannot run in ${cwd}: ${cover} is out of the command's sight, expected another folder`);
}

/** No search list: a name is looked up as it is written. */
function resolvConf(resolvers: readonly string[]): string {
  return `${resolvers.map((address) => `nameserver ${address}\n`).join('')}options timeout:2 attempts:2\n`;
}

/** Where /etc/resolv.conf leads, even if nothing is there (yet): systemd's lives under /run, which the cage has anew. */
function resolvConfTarget(path: string): string {
  let target = path;
  for (let links = 0; links < RESOLV_CONF_LINKS_MAX; links++) {
    if (!(lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() ?? false)) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw new WrapError('set-up', `Cannot find ${path}: more than ${RESOLV_CONF_LINKS_MAX} links, expected a file`);
}
