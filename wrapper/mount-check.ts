import { HOST_ASIDE, type MountLine } from './mount-line.ts';
import { isWithin, type Mount, mountOf, parseMountTable, partOf, visibleMounts } from './mount-table.ts';

/** A line of the cage's mount table; `reachable` is whether even the cage's init can go there. */
export type SeenMount = { readonly line: string; readonly reachable: boolean };

export type MountExpectation = {
  /** What was to be made and to be seen. */
  readonly lines: readonly MountLine[];
  /** Those of the host that a path can lead to, as they were before. */
  readonly hostMounts: readonly Mount[];
  /** Whether something has this path on the host now. */
  readonly isThere: (path: string) => boolean;
};

/** What no mount of the cage may lack unless it was planned so. */
const CLOSED = ['ro', 'nosuid', 'nodev'] as const;
const KEPT_OPTIONS: readonly string[] = [...CLOSED, 'rw', 'noexec'];

/**
 * Reads from the cage's own mount table that everything planned stands where it was planned, shows what it is to show, and
 * that all else is read-only (R15, R17, P8). Also the one place that notices a point which led elsewhere by a link.
 *
 * @returns what is wrong, in words; empty when nothing is.
 */
export function mountFaults(seen: readonly SeenMount[], { lines, hostMounts, isThere }: MountExpectation): readonly string[] {
  const all = parseMountTable(seen.map(({ line }) => line).join('\n'));
  const unreachable = new Set(seen.filter(({ reachable }) => !reachable).flatMap(({ line }) => parseMountTable(line).map(({ id }) => id)));
  const visible = visibleMounts(all);
  const byPoint = new Map(visible.map((mount) => [mount.point, mount]));
  const planned = new Map(lines.map((line) => [line.point, line]));
  for (const { point, mayBeGone } of lines) if (mayBeGone === true && !byPoint.has(point) && !isThere(point)) planned.delete(point);
  const missed = [...planned.values()].flatMap((line) => plannedFaults(line, byPoint.get(line.point), { all, visible, hostMounts }));
  const open = visible.filter(({ id, point }) => !planned.has(point) && !unreachable.has(id)).flatMap(openFaults);
  return visible.length === 0 ? ['its mount table is empty'] : [...missed, ...open];
}

function openFaults({ point, options }: Mount): readonly string[] {
  const lacks = CLOSED.filter((option) => !options.includes(option));
  return lacks.length === 0 ? [] : [`${point} is not ${lacks.join(', ')}`];
}

type Tables = { readonly all: readonly Mount[]; readonly visible: readonly Mount[]; readonly hostMounts: readonly Mount[] };

function plannedFaults(line: MountLine, mount: Mount | undefined, tables: Tables): readonly string[] {
  const { point } = line;
  if (mount === undefined) return [`${point} has no mount of its own`];
  const lacks = line.options.filter((option) => KEPT_OPTIONS.includes(option) && !mount.options.includes(option));
  const isBind = line.type === 'none' || line.type === 'alias';
  const source = isBind ? sourceOf(line, mount, tables) : { device: mount.device, root: '/' };
  const isRight = source !== null && source.device === mount.device && source.root === mount.root && (isBind || line.type === mount.type);
  return [...(lacks.length === 0 ? [] : [`${point} is not ${lacks.join(', ')}`]), ...(isRight ? [] : [`${point} shows something else`])];
}

/** Which part of which file system a bind is to show. */
function sourceOf(
  { source, point }: MountLine,
  mount: Mount,
  { all, visible, hostMounts }: Tables,
): { device: string; root: string } | null {
  if (isWithin(source, HOST_ASIDE)) return partOf(mountOf(hostPath(source), hostMounts), hostPath(source));
  if (source === point) return partOf(all.find(({ id }) => id === mount.parent) ?? null, source);
  return partOf(mountOf(source, visible), source);
}

function hostPath(source: string): string {
  return source.slice(HOST_ASIDE.length) || '/';
}
