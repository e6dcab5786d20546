import { ALIASED_FOLDER, EMPTY_FILE, LAUNCHERS_FOLDER, OWN_FOLDER } from './base-mounts.ts';
import type { SeenMount } from './mount-check.ts';
import type { MountLine } from './mount-line.ts';
import { isWithin, type Mount, mountOf, parseMountTable, partOf, visibleMounts } from './mount-table.ts';
import type { OuterCage } from './plan.ts';

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

/** What of the outer cage's files is otherwise where an agent is started. */
export type AgentChanges = {
  /** Where our launchers stand in its place: there it is itself. */
  readonly uncovered: readonly string[];
  /** Mounts by which it may write nothing. */
  readonly closed: readonly string[];
  /** Files, if they are there, that it may not change: the job's commands go on with them. */
  readonly scripts: readonly string[];
};

const NO_CHANGES: AgentChanges = { uncovered: [], closed: [], scripts: [] };

/** @param before the outer cage's table */
export function agentChanges(
  { agent, launchers, workspace }: Pick<OuterCage, 'agent' | 'launchers' | 'workspace'>,
  before: readonly Mount[],
): AgentChanges {
  if (agent === null) return NO_CHANGES;
  const uncovered = launchers.filter(({ rule }) => rule === agent.rule).map(({ path }) => path);
  const kept = workspace !== null && agent.workspace === 'read' ? [workspace, ALIASED_FOLDER] : [];
  const closed = visibleMounts(before)
    .filter(({ point, options }) => kept.some((folder) => isWithin(point, folder)) && !options.includes('ro'))
    .map(({ point }) => point);
  return { uncovered, closed, scripts: agent.scripts };
}

export type NestedExpectation = {
  /** The outer cage's table before the inner one was made, and after. */
  readonly before: readonly Mount[];
  readonly after: readonly Mount[];
  readonly lines: readonly MountLine[];
  readonly changes: AgentChanges;
};

/** Where our launchers lie in their file system, as a mount table has it. */
const LAUNCHERS_ROOT = `${LAUNCHERS_FOLDER.slice(OWN_FOLDER.length)}/`;

/** What must not be lost on the way in. */
const CLOSED = ['ro', 'nosuid', 'nodev', 'noexec'] as const;

/**
 * Reads from the inner cage's own mount table that it sees what the outer one sees, with no right more, but for what it has for itself
 * (P3, P8).
 *
 * @returns what is wrong, in words; empty when nothing is.
 */
export function nestedMountFaults(seen: readonly SeenMount[], { before, after, lines, changes }: NestedExpectation): readonly string[] {
  const inner = visibleMounts(parseMountTable(seen.map(({ line }) => line).join('\n')));
  if (inner.length === 0) return ['its mount table is empty'];
  const own = ['/proc', ...lines.map(({ point }) => point)];
  const isOwn = (point: string): boolean => own.some((folder) => isWithin(point, folder));
  const outer = [...visibleMounts(before), ...visibleMounts(after)];
  const isScript = (mount: Mount): boolean => changes.scripts.includes(mount.point) && isClosedScript(mount, outer);
  const more = inner.filter((mount) => !isOwn(mount.point) && !isScript(mount)).flatMap((mount) => openedFaults(mount, outer));
  // What only one of the two tables has came or went meanwhile.
  const lasting = visibleMounts(after).filter((mount) => before.some((other) => isSame(mount, other)));
  const lost = lasting
    .filter(({ point }) => !isOwn(point) && !changes.uncovered.includes(point) && !changes.scripts.includes(point))
    .filter((mount) => !inner.some((other) => isSame(mount, other)))
    .map(({ point }) => `${point} shows something else`);
  return [...more, ...lost, ...ownFaults(inner, lines, outer), ...changeFaults(inner, changes)];
}

/** The file that was there, read-only. */
function isClosedScript({ point, device, root, options }: Mount, outer: readonly Mount[]): boolean {
  const was = partOf(mountOf(point, outer), point);
  return was?.device === device && was.root === root && ['ro', 'nosuid', 'nodev'].every((option) => options.includes(option));
}

function changeFaults(inner: readonly Mount[], { uncovered, closed }: AgentChanges): readonly string[] {
  const at = (point: string): Mount | undefined => inner.find((mount) => mount.point === point);
  const covered = uncovered.filter((point) => at(point)?.root.startsWith(LAUNCHERS_ROOT) ?? false);
  const open = closed.filter((point) => !(at(point)?.options.includes('ro') ?? true));
  return [...covered.map((point) => `${point} is still covered`), ...open.map((point) => `${point} may be written`)];
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
