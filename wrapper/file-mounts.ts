import type { AgentLauncher } from '#control/messages.ts';
import { ALIASES_FOLDER, bind, EMPTY_FILE, LAUNCHERS_FOLDER, PRIVATE_FOLDERS } from './base-mounts.ts';
import type { Layer } from './layers.ts';
import { HOST_ASIDE, LAYERS_ASIDE, type MountLine, optionPath } from './mount-line.ts';
import { foldersAbove, isWithin, type Mount, mountOf } from './mount-table.ts';
import type { AliasPlan, BindPlan, Entrance } from './plan.ts';

export type FileMountsPlan = {
  /** Real paths, as in FilesPlan. */
  readonly writable: readonly string[];
  readonly layers: readonly Layer[];
  readonly protected: readonly string[];
  readonly binds: readonly BindPlan[];
  readonly aliases: readonly AliasPlan[];
  readonly launchers: readonly Pick<AgentLauncher, 'rule' | 'path'>[];
  /** Real paths of what is out of sight; none inside another. */
  readonly hide: readonly HiddenPath[];
  /** Those of the host that a path can lead to. */
  readonly hostMounts: readonly Mount[];
  readonly entrance: Entrance;
  /** For the mount table, as in BasePlan. */
  readonly name: string;
};

/** `mayBeGone`: it comes and goes as others please. */
export type HiddenPath = { readonly path: string; readonly isFolder: boolean; readonly mayBeGone: boolean };

/** Interfaces of the kernel that look like files: never writable, wherever they are mounted (R15). */
const KERNEL_TYPES: ReadonlySet<string> = new Set(
  (
    'autofs binder binfmt_misc bpf cgroup cgroup2 configfs cpuset debugfs devpts devtmpfs efivarfs fusectl mqueue nfsd nsfs proc pstore ' +
    'resctrl rpc_pipefs securityfs selinuxfs smackfs sysfs tracefs'
  ).split(' '),
);

/** Places that are the cage's own, or the kernel's. */
const NOBODYS_FOLDERS = [...PRIVATE_FOLDERS, '/sys'] as const;

const QUIET = ['nosuid', 'nodev'] as const;
/** What an overlay does that later cages of the job could be misled by: a folder moved away and found under its new name. */
const OVERLAY_OPTIONS = ['redirect_dir=nofollow', 'index=off', 'metacopy=off'] as const;

/** What stands at a point; of two at one point, the one with the higher rank lies on top. */
type Place = { readonly point: string; readonly rank: number; readonly access: Access; readonly line: MountLine };
type Access = 'changes' | 'reads' | 'nothing';

/**
 * The mounts that make FilesPlan true on a tree that is read-only already (R17), outer ones first.
 *
 * Whatever is mounted inside a place that the command may change has each folder on its way held by a mount of itself: such
 * a folder cannot be renamed (EBUSY), so that nothing read-only, hidden or handed over is moved out of the way, now or for
 * a later cage of the same job (TRIED, user-namespace entrance).
 */
export function fileMounts(plan: FileMountsPlan): readonly MountLine[] {
  const roots = [...rootPlaces(plan)];
  const named = [...roots, ...nestedPlaces(plan, roots), ...bindPlaces(plan)];
  const closed = [...protectedPlaces(plan, named), ...hiddenPlaces(plan), ...aliasPlaces(plan), ...launcherPlaces(plan)];
  const places = [
    ...named.filter(({ point, access }) => access !== 'changes' || !plan.protected.some((path) => isBelow(point, path))),
    ...closed,
  ];
  const seen = places.filter(({ point }) => !plan.hide.some(({ path, isFolder }) => isFolder && isBelow(point, path)));
  const lasting = seen.filter(({ line }) => line.mayBeGone !== true);
  const held = heldPlaces(plan, lasting, roots);
  const loosely = heldPlaces(plan, [...seen, ...held], roots).map((each) => ({ ...each, line: { ...each.line, mayBeGone: true } }));
  return [...seen, ...held, ...loosely].sort(byDepth).map(({ line }) => line);
}

/** The plan's own: what is both is written for good. */
function rootPlaces({ writable, layers, hostMounts, entrance, name }: FileMountsPlan): readonly Place[] {
  const isOurs = (path: string): boolean => path !== '/' && !NOBODYS_FOLDERS.some((folder) => isWithin(path, folder));
  const opened = writable.filter((path) => isOurs(path) && !KERNEL_TYPES.has(mountOf(path, hostMounts)?.type ?? ''));
  return [
    ...opened.map((point) => place(point, 0, 'changes', fromHost(point, hostMounts, 'changes'))),
    ...layers
      .filter(({ path }) => isOurs(path) && !opened.includes(path))
      .map((layer) => place(layer.path, 0, 'changes', overlay(layer, { hostMounts, entrance, name }))),
  ];
}

function overlay(layer: Layer, { hostMounts, entrance, name }: Pick<FileMountsPlan, 'hostMounts' | 'entrance' | 'name'>): MountLine {
  const { path: point, folder } = layer;
  return {
    point,
    source: name,
    type: 'overlay',
    options: [`lowerdir=${optionPath(`${HOST_ASIDE}${point}`)}`, ...upperOptions(folder, entrance), ...QUIET, ...noexec(point, hostMounts)],
  };
}

export function upperOptions(folder: string, entrance: Entrance): readonly string[] {
  // Nobody but the machine's superuser may write the other kind of attribute.
  const attributes = entrance === 'sudo' ? [] : ['userxattr'];
  return [`upperdir=${LAYERS_ASIDE}/${folder}/upper`, `workdir=${LAYERS_ASIDE}/${folder}/work`, ...OVERLAY_OPTIONS, ...attributes];
}

/** The host's own mounts inside those: an overlay or a bind shows what is under them. */
function nestedPlaces({ hostMounts, protected: closed }: FileMountsPlan, roots: readonly Place[]): readonly Place[] {
  return hostMounts.flatMap(({ point, options, type }) => {
    const root = mountOf(point, roots);
    if (root === null || root.point === point || NOBODYS_FOLDERS.some((folder) => isWithin(point, folder))) return [];
    const isOpen = root.line.type === 'none' && !options.includes('ro') && !KERNEL_TYPES.has(type);
    const access = isOpen && !closed.some((path) => isWithin(point, path)) ? 'changes' : 'reads';
    return [place(point, 0, access, fromHost(point, hostMounts, access))];
  });
}

function bindPlaces({ binds, hostMounts }: FileMountsPlan): readonly Place[] {
  return binds.map(({ source, target }) => {
    const line = bind(`${HOST_ASIDE}${source}`, target, 'rw', ...QUIET, ...noexec(source, hostMounts));
    return place(target, 1, 'changes', line);
  });
}

function protectedPlaces({ protected: paths, hostMounts }: FileMountsPlan, named: readonly Place[]): readonly Place[] {
  return paths
    .filter((path) => accessTo(path, named) === 'changes')
    .filter((path) => !paths.some((other) => isBelow(path, other)))
    .map((path) => place(path, 3, 'reads', bindWhole(path, path, hostMounts, 'ro', inherited(path, named))));
}

/** A path that is gone since the wrapper looked fails to be mounted on: it could come back. */
function hiddenPlaces({ hide, name }: FileMountsPlan): readonly Place[] {
  const options = ['ro', ...QUIET, 'noexec'];
  return hide.map(({ path, isFolder, mayBeGone }) => {
    const line: MountLine = isFolder
      ? { point: path, source: name, type: 'tmpfs', options: [...options, 'mode=0555', 'size=4k'] }
      : bind(EMPTY_FILE, path, ...options);
    return place(path, 4, 'nothing', mayBeGone ? { ...line, mayBeGone } : line);
  });
}

/** Whoever reads or replaces the file follows the link; itself it stays. */
function aliasPlaces({ aliases }: FileMountsPlan): readonly Place[] {
  return aliases.map(({ point }, number) => {
    const line: MountLine = { point, source: `${ALIASES_FOLDER}/${number}`, type: 'alias', options: ['bind', 'ro', ...QUIET] };
    return place(point, 5, 'reads', line);
  });
}

/** An agent that is gone needs none. */
function launcherPlaces({ launchers }: FileMountsPlan): readonly Place[] {
  return launchers.map(({ rule, path }) => {
    const line = { ...bind(`${LAUNCHERS_FOLDER}/${rule}`, path, 'ro', ...QUIET), mayBeGone: true };
    return place(path, 6, 'reads', line);
  });
}

/** Each folder between a place and the root it is in, where nothing stands already. */
function heldPlaces({ hostMounts }: FileMountsPlan, places: readonly Place[], roots: readonly Place[]): readonly Place[] {
  const taken = new Set(places.map(({ point }) => point));
  const folders = new Set(
    places.flatMap(({ point }) => {
      const outermost = roots.filter((root) => isBelow(point, root.point)).sort(byDepth)[0];
      return outermost === undefined ? [] : foldersAbove(point, outermost.point).slice(0, -1);
    }),
  );
  return [...folders]
    .filter((folder) => !taken.has(folder) && accessTo(folder, places) === 'changes')
    .map((folder) => place(folder, 2, 'changes', bindWhole(folder, folder, hostMounts, 'rw', inherited(folder, places))));
}

function accessTo(path: string, places: readonly Place[]): Access {
  return mountOf(path, [...places].sort(byDepth))?.access ?? 'reads';
}

/** What the mount below has of locked flags, a bind of it has to be given again. */
function inherited(path: string, places: readonly Place[]): readonly string[] {
  return mountOf(path, [...places].sort(byDepth))?.line.options.filter((option) => option === 'noexec') ?? [];
}

function fromHost(point: string, hostMounts: readonly Mount[], access: Access): MountLine {
  return bindWhole(`${HOST_ASIDE}${point}`, point, hostMounts, writability(point, hostMounts, access), noexec(point, hostMounts));
}

/** In a user namespace nothing shows what the host's mounts lie on: what has any inside is bound with them (MNT_LOCKED). */
function bindWhole(source: string, point: string, hostMounts: readonly Mount[], mode: 'rw' | 'ro', more: readonly string[]): MountLine {
  const kind = hostMounts.some((mount) => isBelow(mount.point, point)) ? 'rbind' : 'bind';
  return { point, source, type: 'none', options: [kind, mode, ...QUIET, ...more] };
}

function writability(point: string, hostMounts: readonly Mount[], access: Access): 'rw' | 'ro' {
  return access === 'changes' && !(mountOf(point, hostMounts)?.options.includes('ro') ?? true) ? 'rw' : 'ro';
}

function noexec(path: string, hostMounts: readonly Mount[]): readonly string[] {
  return (mountOf(path, hostMounts)?.options ?? []).filter((option) => option === 'noexec');
}

function place(point: string, rank: number, access: Access, line: MountLine): Place {
  return { point, rank, access, line };
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && isWithin(path, folder);
}

function byDepth(one: Place, other: Place): number {
  const [a, b] = [one.point.split('/').length, other.point.split('/').length];
  if (a !== b) return a - b;
  if (one.point !== other.point) return one.point < other.point ? -1 : 1;
  return one.rank - other.rank;
}
