/**
 * Texts of Linux's /proc (proc(5)). Whoever runs in a cage chooses names and arguments in them, so each is read strictly, and
 * what is not as the kernel writes it is null.
 */
export type ProcStat = {
  readonly pid: number;
  /** What the process says it is called: 15 bytes at most. */
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  /** Ticks since the machine's start: with the pid, one process and no other. */
  readonly started: string;
};

const STAT = /^([0-9]{1,10}) \((.*)\) ([A-Za-z]) ([0-9]{1,10}) (.*)$/s;
/** Of the fields behind the parent, where the start time stands: the 22nd of all. */
const START_AT = 17;

/** `/proc/PID/stat`: `pid (name) state ppid …`. The name may hold anything, `) R 1 ` too, so it ends at the last `)`. */
export function parseStat(text: string): ProcStat | null {
  const [, pid = '', name = '', state = '', parent = '', rest = ''] = STAT.exec(text.trimEnd()) ?? [];
  const started = rest.split(' ')[START_AT] ?? '';
  if (pid === '' || !/^[0-9]{1,20}$/.test(started)) return null;
  return { pid: Number(pid), name, state, parent: Number(parent), started };
}

/** The real user of `/proc/PID/status`; null when it has none. */
export function parseUid(status: string): number | null {
  const uid = /^Uid:\t([0-9]{1,10})\t/m.exec(status)?.[1];
  return uid === undefined ? null : Number(uid);
}

/** `/proc/PID/cmdline`: arguments, each ended by a NUL; programs may overwrite theirs. */
export function parseArguments(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

/** A connection as its client's end sees it. IPv4 addresses are dotted, IPv6 ones eight groups in full (`plainAddress`). */
export type Connection = {
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
};

/** Inode of the client's socket in `/proc/PID/net/tcp` and `tcp6`; null when none is there, or no process has it open any more. */
export function findSocket(tables: readonly string[], { from, to }: Connection): string | null {
  const [wantedFrom, wantedTo] = [endpoint(from.address, from.port), endpoint(to.address, to.port)];
  for (const table of tables) {
    for (const row of table.split('\n').slice(1)) {
      const fields = row.trim().split(/\s+/);
      const [, local = '', remote = ''] = fields;
      const inode = fields[INODE_AT] ?? '0';
      if (rowEndpoint(local) === wantedFrom && rowEndpoint(remote) === wantedTo && /^[1-9][0-9]*$/.test(inode)) return inode;
    }
  }
  return null;
}

const INODE_AT = 9;

/** `0100007F:1F90`, `…0000FFFF0100007F:1F90`: words of 32 bits in the machine's own order, which is little endian on all of ours. */
function rowEndpoint(text: string): string | null {
  const [, words = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text) ?? [];
  if (words === '') return null;
  const bytes = (words.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  return `${addressOf(bytes)} ${Number.parseInt(port, 16)}`;
}

function endpoint(address: string, port: number): string {
  return `${plainAddress(address)} ${port}`;
}

/** One spelling for each address; IPv4 within IPv6 is IPv4, since one socket may show as either. */
function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const dotted = /(.*:)([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/.exec(address);
  const [, head = '', ...quad] = dotted ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = quad.map(Number);
  const colons = dotted === null ? address : `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  const [left = '', right] = colons.replace(/%.*$/, '').split('::');
  const [before, after] = [left, right ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const gap = right === undefined ? [] : Array<string>(Math.max(0, 8 - (before?.length ?? 0) - (after?.length ?? 0))).fill('0');
  const groups = [...(before ?? []), ...gap, ...(after ?? [])].map((group) => Number.parseInt(group, 16));
  return addressOf(groups.flatMap((group) => [group >> 8, group & 255]));
}

function addressOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
