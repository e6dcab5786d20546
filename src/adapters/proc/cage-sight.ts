import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import type { CageSight, SeenProcess } from '#core/chain/agent-sight.ts';
import { type Connection, findSocket, type ProcStat, parseArguments, parseStat, parseUid } from '#core/chain/proc-text.ts';

/** Beyond any of these nobody can say in time who connects: what runs in the cage chooses how much there is to look at. */
const LIMITS = { processes: 4096, descriptors: 65_536 };
const TABLE_BYTES_MAX = 8 * 1024 * 1024;
const TEXT_BYTES_MAX = 64 * 1024;
/** Whoever holds the socket may start, end or become another process while the cage is looked at. */
const LOOKS_MAX = 3;

/** `network`: inode of its network namespace, by which commands that entered it are known. */
export type CagePlace = { readonly roots: readonly number[]; readonly network: string };

/**
 * Looks into a cage: which processes it has, and which of them hold the client's end of a connection.
 *
 * A process is of the cage if it descends from one of `roots`, or is in the cage's network namespace, or in that of one that does, or
 * descends from such a one: orphans stay below the cage's own init, and who left the namespace still descends. What belongs to
 * another user than this process and cannot be looked at is the cage's own scaffolding, since nothing inside can become another user.
 *
 * @returns null when nobody has the socket open any more: there is nobody left to serve.
 */
export function lookIntoCage(cage: CagePlace, connection: Connection, limits = LIMITS): CageSight | null {
  const { roots } = cage;
  let sight: CageSight = { kind: 'unclear', why: 'the cage cannot be looked at' };
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const tables = roots.flatMap((root) => [
      read(`/proc/${root}/net/tcp`, TABLE_BYTES_MAX),
      read(`/proc/${root}/net/tcp6`, TABLE_BYTES_MAX),
    ]);
    if (tables.every((table) => table === null)) return { kind: 'unclear', why: 'the sockets of the cage cannot be looked at' };
    const inode = findSocket(
      tables.filter((table) => table !== null),
      connection,
    );
    if (inode === null) return null;
    const looked = look(cage, inode, limits);
    sight = looked.sight;
    if (looked.final) return sight;
  }
  return sight;
}

/** One for all reads: they are many and small. */
const SCRATCH = Buffer.alloc(TEXT_BYTES_MAX);

type Look = { readonly sight: CageSight /** False: another look may find who holds the socket. */; readonly final: boolean };

function look(cage: CagePlace, inode: string, limits: typeof LIMITS): Look {
  const members = membersOf(cage);
  if (members.length > limits.processes) return { final: true, sight: { kind: 'unclear', why: `more than ${limits.processes} processes` } };
  const processes: SeenProcess[] = [];
  const holders: number[] = [];
  let room = limits.descriptors;
  for (const stat of members) {
    const seen = seenProcess(stat);
    if (seen === 'gone' || seen === 'scaffolding') continue;
    const descriptors = seen.executable === null ? [] : descriptorsOf(stat.pid, room);
    room -= descriptors.length;
    if (room < 0) return { final: true, sight: { kind: 'unclear', why: `more than ${limits.descriptors} open files` } };
    // The pid may be another process by now, of which nothing was seen.
    if (statOf(stat.pid)?.started !== stat.started) continue;
    processes.push(seen);
    if (descriptors.some((path) => path === `socket:[${inode}]`)) holders.push(stat.pid);
  }
  return { final: holders.length > 0, sight: { kind: 'seen', processes, holders } };
}

/** Processes that are alive and of the cage. */
function membersOf({ roots, network }: CagePlace): readonly ProcStat[] {
  const all = readdirSync('/proc').flatMap((name) => (/^[1-9][0-9]*$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const children = Map.groupBy(all, ({ parent }) => parent);
  const members = new Set<number>();
  const add = (pid: number): void => {
    const waiting = [pid];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (members.has(next)) continue;
      members.add(next);
      for (const child of children.get(next) ?? []) waiting.push(child.pid);
    }
  };
  for (const root of roots) add(root);
  const own = networkOf('self');
  const networks = new Set([...members].map((pid) => networkOf(String(pid))).filter((network) => network !== null && network !== own));
  networks.add(`net:[${network}]`);
  for (const { pid } of all) if (!members.has(pid) && networks.has(networkOf(String(pid)))) add(pid);
  return all.filter(({ pid, state }) => members.has(pid) && state !== 'Z' && state !== 'X');
}

function seenProcess({ pid, parent, name }: ProcStat): SeenProcess | 'scaffolding' | 'gone' {
  const executable = executableOf(pid);
  // One that is about to end has no program any more, and no descriptors: it hides nothing.
  if (executable === undefined) return 'gone';
  if (executable === null && parseUid(read(`/proc/${pid}/status`, TEXT_BYTES_MAX) ?? '') !== process.getuid?.()) return 'scaffolding';
  const given = parseArguments(read(`/proc/${pid}/cmdline`, TEXT_BYTES_MAX) ?? '');
  return { pid, parent, name, executable, arguments: given, folder: link(`/proc/${pid}/cwd`) };
}

/** Null: it may not be looked at. Undefined: there is none. */
function executableOf(pid: number): string | null | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    return code === 'ENOENT' || code === 'ESRCH' ? undefined : null;
  }
}

/** Where its descriptors lead, at most one more than there is room for. */
function descriptorsOf(pid: number, room: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .slice(0, room + 1)
      .map((name) => link(`/proc/${pid}/fd/${name}`) ?? '');
  } catch {
    return []; // gone, or it hides them
  }
}

function statOf(pid: number): ProcStat | null {
  return parseStat(read(`/proc/${pid}/stat`, TEXT_BYTES_MAX) ?? '');
}

function networkOf(pid: string): string | null {
  return link(`/proc/${pid}/ns/net`);
}

function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** Null when it cannot be read, or, for tables, when it is longer. Files of /proc have no size before they are read. */
function read(path: string, bytesMax: number): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const pieces: Buffer[] = [];
    for (let room = bytesMax; room > 0; ) {
      const bytes = readSync(file, SCRATCH, 0, Math.min(room, SCRATCH.length), null);
      if (bytes === 0) return Buffer.concat(pieces).toString('utf8');
      pieces.push(Buffer.from(SCRATCH.subarray(0, bytes)));
      room -= bytes;
    }
    return bytesMax === TABLE_BYTES_MAX ? null : Buffer.concat(pieces).toString('utf8');
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}
