import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AgentLauncher } from '#control/messages.ts';
import { launcherScript } from '#core/launcher-script.ts';
import { ALIASED_FOLDER, DEVICE_FILES, OWN_FOLDER } from './base-mounts.ts';
import { type MountSettings, type PlannedMounts, planMounts } from './cage-mounts.ts';
import { cageProgram } from './cage-program.ts';
import { CAGE_SCRIPT } from './cage-script.ts';
import { cliProgram } from './cli-program.ts';
import { upperOptions } from './file-mounts.ts';
import { type Layer, PROBE_FOLDER } from './layers.ts';
import type { MountExpectation } from './mount-check.ts';
import { fstab } from './mount-line.ts';
import type { Entrance, WrapPlan } from './plan.ts';
import { nulTerminated, toolRecords } from './records.ts';
import { startFile } from './start-file.ts';
import type { Tools } from './tools.ts';
import { WrapError } from './wrap-error.ts';

/** What every program expects in /dev besides devices. */
const DEVICE_LINKS = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
] as const;

export type CageSettings = MountSettings & {
  readonly tools: Tools;
  readonly umask: number;
  /** Of limits.ts. */
  readonly limits: readonly string[];
};

export type CageFiles = {
  readonly script: string;
  /** How the command is to be started (wrapper/cage/enter.c takes it away). */
  readonly start: string;
  /** What the cage's mount table must say before anything runs. */
  readonly expectation: MountExpectation;
  readonly layers: readonly Layer[];
  /** Null where the plan wants kept layers and this machine's file system holds none. */
  readonly keptIn: string | null;
  /** Layered folders that are read-only themselves: the host has mounted something in them. */
  readonly unlaid: readonly string[];
  /** Removes them; once is enough, twice does no harm. */
  unlink(): void;
};

/**
 * Hands plan and command over to the cage: files of mode 0600 in the session folder, since sudo rewrites the
 * environment, closes descriptors and logs its arguments. They are gone before anything caged runs.
 */
export function writeCageFiles(plan: WrapPlan, settings: CageSettings, baits: readonly string[]): CageFiles {
  const folder = plan.cage.sessionFolder;
  const at = (name: string): string => join(folder, name);
  const paths = ['cage', 'setup', 'baits', 'first', 'last', 'links', 'aliases'].map(at);
  const mounts = planMounts(plan, settings);
  const records = setupRecords(plan, settings, mounts);
  // What listens now is hidden by the mounts.
  const start = startFile({ ...settings, ...plan, hides: [], interactive: plan.terminal.interactive });
  const write = (name: string, data: string | Uint8Array): void => writeFileSync(at(name), data, { mode: 0o600, flag: 'wx' });
  write('cage', CAGE_SCRIPT);
  write('setup', records);
  write('start', start);
  write('baits', nulTerminated(baits));
  write('first', fstab(mounts.first));
  write('last', fstab(mounts.last));
  mkdirSync(at('links'), { mode: 0o700 });
  for (const [name, target] of DEVICE_LINKS) symlinkSync(target, join(at('links'), name));
  mkdirSync(at('aliases'), { mode: 0o700 });
  for (const [number, { point }] of plan.cage.aliases.entries()) {
    symlinkSync(`${ALIASED_FOLDER}/${number}/${basename(point)}`, join(at('aliases'), String(number)));
  }
  const { layers, keptIn, unlaid, expectation } = mounts;
  return { script: at('cage'), start: at('start'), expectation, layers, keptIn, unlaid, unlink: () => unlink(paths) };
}

function unlink(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

function setupRecords(plan: WrapPlan, settings: CageSettings, { base, layers, keptIn }: PlannedMounts): string {
  const records = [
    ...toolRecords(settings.tools),
    ...DEVICE_FILES.map((name) => `device=${name}`),
    ...layers.map(({ mode, folder }) => `layer=${mode}:${folder}`),
    ...launcherRecords(plan.cage.launchers),
    ...plan.cage.aliases.map(({ point }) => `alias=${point}`),
    `uid=${settings.uid}`,
    `gid=${settings.gid}`,
    `owner_uid=${base.owner.uid}`,
    `owner_gid=${base.owner.gid}`,
    `entrance=${settings.entrance}`,
    `ca=${plan.cage.ca}`,
    `resolv=${resolvConf(plan.cage.resolvers)}`,
    `resolv_path=${base.resolvConf}`,
    `label=${base.name}`,
    `probe=${keptIn === null ? '' : probeOptions(settings.entrance)}`,
    `program=${cageProgram()}`,
    `launcher=${launcherScript({ node: process.execPath, program: cliProgram(import.meta.url), jobFolder: null })}`,
  ];
  if (records.some((record) => record.includes('\0'))) {
    throw new WrapError('usage', 'Cannot make a cage: a path contains NUL, expected none');
  }
  return nulTerminated(records);
}

/** One for each rule, by its number, whatever number of programs it stands for. */
function launcherRecords(launchers: readonly AgentLauncher[]): readonly string[] {
  const rules = new Map(launchers.map((launcher) => [launcher.rule, launcher]));
  const parts = { node: process.execPath, program: cliProgram(import.meta.url), jobFolder: null };
  return [...rules].map(([rule, agent]) => `agent=${rule}:${launcherScript({ ...parts, agent })}`);
}

/** An overlay that shows nothing, made to see whether one can be. */
function probeOptions(entrance: Entrance): string {
  return [`lowerdir=${OWN_FOLDER}`, ...upperOptions(PROBE_FOLDER, entrance), 'nosuid', 'nodev', 'X-mount.mkdir'].join(',');
}

/** No search list: a name is looked up as it is written. */
function resolvConf(resolvers: readonly string[]): string {
  return `${resolvers.map((address) => `nameserver ${address}\n`).join('')}options timeout:2 attempts:2\n`;
}
