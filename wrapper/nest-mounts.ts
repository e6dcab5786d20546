import { EMPTY_FILE } from './base-mounts.ts';
import type { SeenMount } from './mount-check.ts';
import type { MountLine } from './mount-line.ts';
import { isWithin, type Mount, parseMountTable, visibleMounts } from './mount-table.ts';

export type NestedMountsPlan = {
  /** Of the private file systems, in the mount table: one that no other mount has. */
  readonly label: string;
  readonly uid: number;
  /** Who is to own what belongs to the command, as the cage's init names it. */
  readonly owner: { readonly uid: number; readonly gid: number };
};

const QUIET = ['nosuid', 'nodev'] as const;

/** What a cage within another one has for itself: wherever processes meet by name. What is below /proc its init adds. */
export function nestedMounts({ label, uid, owner }: NestedMountsPlan): readonly MountLine[] {
  const tmpfs = (point: string, ...options: string[]): MountLine => ({
    point,
    source: label,
    type: 'tmpfs',
    options: [...options, ...QUIET],
  });
  return [
    tmpfs('/run/lock', 'mode=1777', 'size=8m'),
    tmpfs(`/run/user/${uid}`, 'mode=0700', `uid=${owner.uid}`, `gid=${owner.gid}`, 'size=256m'),
    tmpfs('/dev/shm', 'mode=1777'),
    { point: '/dev/pts', source: label, type: 'devpts', options: ['newinstance', 'ptmxmode=0666', 'mode=0620', 'nosuid', 'noexec'] },
    // R22: the outer command's terminal.
    { point: '/dev/console', source: EMPTY_FILE, type: 'none', options: ['bind', 'ro', ...QUIET, 'noexec'] },
  ];
}

export type NestedExpectation = {
  /** The outer cage's table before the inner one was made, and after. */
  readonly before: readonly Mount[];
  readonly after: readonly Mount[];
  readonly lines: readonly MountLine[];
};

/** What must not be lost on the way in. */
const CLOSED = ['ro', 'nosuid', 'nodev', 'noexec'] as const;

/**
 * Reads from the inner cage's own mount table that it sees what the outer one sees, with no right more, but for what it has for itself
 * (P3, P8).
 *
 * @returns what is wrong, in words; empty when nothing is.
 */
export function nestedMountFaults(seen: readonly SeenMount[], { before, after, lines }: NestedExpectation): readonly string[] {
  const inner = visibleMounts(parseMountTable(seen.map(({ line }) => line).join('\n')));
  if (inner.length === 0) return ['its mount table is empty'];
  const own = ['/proc', ...lines.map(({ point }) => point)];
  const isOwn = (point: string): boolean => own.some((folder) => isWithin(point, folder));
  const outer = [...visibleMounts(before), ...visibleMounts(after)];
  const more = inner.filter(({ point }) => !isOwn(point)).flatMap((mount) => openedFaults(mount, outer));
  // What only one of the two tables has came or went meanwhile.
  const lasting = visibleMounts(after).filter((mount) => before.some((other) => isSame(mount, other)));
  const lost = lasting
    .filter((mount) => !isOwn(mount.point) && !inner.some((other) => isSame(mount, other)))
    .map(({ point }) => `${point} shows something else`);
  return [...more, ...lost, ...ownFaults(inner, lines, outer)];
}

function openedFaults(mount: Mount, outer: readonly Mount[]): readonly string[] {
  const known = outer.filter((other) => isSame(mount, other));
  if (known.length === 0) return [`${mount.point} shows what is not there outside`];
  const isNoWider = known.some(({ options }) => CLOSED.every((option) => !options.includes(option) || mount.options.includes(option)));
  return isNoWider ? [] : [`${mount.point} may be used for more than outside`];
}

function ownFaults(inner: readonly Mount[], lines: readonly MountLine[], outer: readonly Mount[]): readonly string[] {
  const at = (point: string): Mount | undefined => inner.find((mount) => mount.point === point);
  const isNew = (mount: Mount | undefined): boolean => mount !== undefined && !outer.some((other) => isSame(mount, other));
  const proc = at('/proc')?.type === 'proc' && isNew(at('/proc')) ? [] : ['/proc is not its own'];
  const empty = at(EMPTY_FILE.slice(0, EMPTY_FILE.lastIndexOf('/')));
  const wrong = lines.filter(({ point, type, options }) => {
    const mount = at(point);
    if (mount === undefined || options.some((option) => isOption(option) && !mount.options.includes(option))) return true;
    if (type === 'none') return mount.device !== empty?.device || mount.root !== '/empty';
    return mount.type !== type || mount.root !== '/' || !isNew(mount);
  });
  return [...proc, ...wrong.map(({ point }) => `${point} is not its own`)];
}

function isOption(option: string): boolean {
  return CLOSED.some((each) => each === option);
}

function isSame(one: Mount, other: Mount): boolean {
  return one.point === other.point && one.device === other.device && one.root === other.root && one.type === other.type;
}
