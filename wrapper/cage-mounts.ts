import { randomBytes } from 'node:crypto';
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ALIASED_FOLDER, type BasePlan, bind, deviceMounts, firstMounts, lastMounts, PRIVATE_FOLDERS } from './base-mounts.ts';
import { programFolder } from './cage-program.ts';
import { isBehindClosedFolder } from './closed-folders.ts';
import { fileMounts, type HiddenPath } from './file-mounts.ts';
import { hiddenPaths } from './hidden.ts';
import { boundSockets, socketsToHide } from './host-sockets.ts';
import { canKeepLayers, type Layer, layerOf, makeLayerFolders, overlaidFolders } from './layers.ts';
import type { MountExpectation } from './mount-check.ts';
import { ASIDE, HOST_ASIDE, type MountLine } from './mount-line.ts';
import { isWithin, type Mount, readMountTable, visibleMounts } from './mount-table.ts';
import type { AliasPlan, CagePlan, Entrance, FilesPlan } from './plan.ts';
import { realFiles } from './real-files.ts';
import { WrapError } from './wrap-error.ts';

const RESOLV_CONF_LINKS_MAX = 16;
const LABEL_BYTES = 8;

export type MountsRequest = {
  readonly cage: Pick<CagePlan, 'sessionFolder' | 'hide' | 'files' | 'binds' | 'aliases' | 'launchers'>;
  readonly cwd: string;
};

export type MountSettings = {
  readonly entrance: Entrance;
  readonly uid: number;
  readonly gid: number;
  /** As in BasePlan. */
  readonly console: string | null;
};

export type PlannedMounts = {
  readonly base: BasePlan;
  /** Made before the private places have any file in them. */
  readonly first: readonly MountLine[];
  /** Made when they have; all that FilesPlan says is here. */
  readonly last: readonly MountLine[];
  readonly layers: readonly Layer[];
  /** Null where layers are not kept for later cages. */
  readonly keptIn: string | null;
  /** Layered folders that are read-only themselves: the host has mounted something in them. */
  readonly unlaid: readonly string[];
  readonly expectation: MountExpectation;
};

/**
 * Works out every mount of a cage from the plan and from what the host has mounted, and makes the folders that layers need.
 *
 * @throws WrapError `set-up` when this machine or the plan cannot have it so.
 */
export function planMounts({ cage, cwd }: MountsRequest, settings: MountSettings): PlannedMounts {
  const { entrance } = settings;
  const view = hostView(cage.files, entrance);
  const { table, hostMounts, files, overlaid } = view;
  const layers = overlaid.map(layerOf);
  const keptIn = keepingFolder(files, hostMounts);
  if (keptIn !== null) makeLayerFolders(keptIn, layers);
  const hide = hiddenPaths([...cage.hide, cage.sessionFolder, ...(files.layersFolder === null ? [] : [files.layersFolder])], table);
  requireVisible(cwd, hide);
  const sockets = hostSockets(view, cwd);
  const base = basePlan(settings, keptIn);
  const { name } = base;
  const first = firstMounts(base);
  const inside = fileMounts({
    ...files,
    layers,
    binds: cage.binds,
    aliases: cage.aliases,
    launchers: cage.launchers,
    hide: hiddenPlan(hide, sockets),
    hostMounts,
    entrance,
    name,
  });
  const last = [...deviceMounts(base), ...inside, ...aliasedFolders(cage.aliases), ...lastMounts(base)];
  const unlaid = files.layered.filter((path) => !overlaid.includes(path));
  const lines = expectedLines(base, first, last);
  // An earlier command of the job may have removed an agent, aside.
  const agents = new Set(cage.launchers.map(({ path }) => path));
  const mustBeThere = (path: string): boolean => !agents.has(path) && isThere(path);
  return { base, first, last, layers, keptIn, unlaid, expectation: { lines, hostMounts, isThere: mustBeThere } };
}

/** The machine as a plan finds it. */
type HostView = {
  readonly entrance: Entrance;
  readonly table: readonly Mount[];
  readonly hostMounts: readonly Mount[];
  /** Of the plan, as it is here. */
  readonly files: FilesPlan;
  /** Folders that an overlay lies on. */
  readonly overlaid: readonly string[];
};

function hostView(plan: FilesPlan, entrance: Entrance): HostView {
  const table = readMountTable();
  const hostMounts = visibleMounts(table);
  const files = withProgramProtected(realFiles(plan));
  return { entrance, table, hostMounts, files, overlaid: entrance === 'sudo' ? files.layered : overlaidFolders(files, hostMounts) };
}

/** Sockets that the commands of this plan must not reach, as of now (R19): for a cage that was made before. */
export function socketsOutOfSight({ cage, cwd }: MountsRequest, entrance: Entrance): readonly string[] {
  return hostSockets(hostView(cage.files, entrance), cwd);
}

/** What is written into our own program runs outside. Where the command only writes aside, it is another file. */
function withProgramProtected(files: FilesPlan): FilesPlan {
  const own = programFolder();
  return files.writable.some((path) => isWithin(own, path)) ? { ...files, protected: [...files.protected, own] } : files;
}

function basePlan({ entrance, uid, gid, console }: MountSettings, layersFolder: string | null): BasePlan {
  return {
    name: `duty-gate-${randomBytes(LABEL_BYTES).toString('hex')}`,
    uid,
    owner: entrance === 'sudo' ? { uid, gid } : { uid: 0, gid: 0 },
    layersFolder,
    console,
    resolvConf: resolvConfTarget('/etc/resolv.conf'),
    hasVarRun: lstatSync('/var/run', { throwIfNoEntry: false })?.isDirectory() ?? false,
  };
}

/** Each file of its own folder, which the command may write. */
function aliasedFolders(aliases: readonly AliasPlan[]): readonly MountLine[] {
  return aliases.map(({ folder }, number) =>
    bind(`${HOST_ASIDE}${folder}`, `${ALIASED_FOLDER}/${number}`, 'rw', 'nosuid', 'nodev', 'noexec', 'X-mount.mkdir'),
  );
}

/** What is made and stays in sight; /proc is made before all else. */
function expectedLines({ name }: BasePlan, first: readonly MountLine[], last: readonly MountLine[]): readonly MountLine[] {
  const proc: MountLine = { point: '/proc', source: name, type: 'proc', options: ['rw', 'nosuid', 'nodev', 'noexec'] };
  return [proc, ...first.filter(({ point }) => !isWithin(point, ASIDE)), ...last];
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Sockets come and go while others work. */
function hiddenWhereThere(path: string, table: readonly Mount[]): readonly string[] {
  try {
    return hiddenPaths([path], table);
  } catch {
    return [];
  }
}

function hiddenPlan(hide: readonly string[], sockets: readonly string[]): readonly HiddenPath[] {
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const isCovered = (path: string): boolean =>
    hide.some((other) => isWithin(path, other)) || sockets.some((other) => other !== path && isWithin(path, other));
  const more = [...new Set(sockets)].filter((path) => !isCovered(path));
  return [
    ...hide.map((path) => ({ path, isFolder: isFolder(path), mayBeGone: false })),
    ...more.map((path) => ({ path, isFolder: isFolder(path), mayBeGone: true })),
  ];
}

/** Where a connect would reach a program outside (R19); a socket that is itself mounted, as into a container, is one too. */
function hostSockets({ table, hostMounts, files, overlaid: overlays, entrance }: HostView, cwd: string): readonly string[] {
  const points = hostMounts.map(({ point }) => point);
  const direct = [...files.writable, ...points.filter((point) => !overlays.includes(point))];
  const kept = [cwd, ...files.layered];
  const found = socketsToHide([...boundSockets(), ...points], { privateFolders: PRIVATE_FOLDERS, overlays, direct, kept });
  const uid = process.getuid?.() ?? 0;
  const isClosed = (path: string): boolean => entrance === 'user-namespace' && isBehindClosedFolder(path, uid);
  return found.flatMap((path) => hiddenWhereThere(path, table)).filter((path) => !isClosed(path));
}

function keepingFolder({ layered, layersFolder }: FilesPlan, hostMounts: readonly Mount[]): string | null {
  return layered.length > 0 && layersFolder !== null && canKeepLayers(layersFolder, hostMounts) ? layersFolder : null;
}

function requireVisible(cwd: string, hide: readonly string[]): void {
  const cover = hide.find((path) => isWithin(cwd, path));
  if (cover !== undefined)
    throw new WrapError('set-up', `Cannot run in ${cwd}: ${cover} is out of the command's sight, expected another folder`);
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
