import type { NameFault } from './file-command-rules.ts';
import { type Definition, parseDefinitions, renderDefinitions } from './file-command-text.ts';

/** The runner drops a longer one, with an error. */
export const SUMMARY_BYTES_MAX = 1024 * 1024;

/**
 * execve(2) takes 128 KiB in one string and, with a stack of 8 MiB, 2 MiB in all. Beyond it no later step starts, the one
 * that seals the evidence included: what a command adds stays well below.
 */
const VALUE_BYTES_MAX = 64 * 1024;
const ENVIRONMENT_BYTES_MAX = 512 * 1024;
const PATH_BYTES_MAX = 32 * 1024;
const PATH_ENTRY_BYTES_MAX = 4095;
const PATH_ENTRIES_MAX = 100;

const SHOWN_NAME_CHARS_MAX = 100;
const CUT = '\n\n(cut here: a step has 1 MiB for its summary)\n';

/** What of a file goes on. */
export type Judged = {
  /** To append to the runner's file. */
  readonly text: Buffer;
  readonly passed: readonly string[];
  readonly refused: readonly Refused[];
};
type Refused = { readonly name: string | null; readonly why: string };

export type DefinitionRules = {
  readonly fault: (name: string) => NameFault | null;
  /** Random: no value can have it. */
  readonly delimiter: string;
  /** What later steps have already, where it counts; else null. */
  readonly environment: readonly Uint8Array[] | null;
};

/** A file of definitions: one that cannot be read as the runner would is refused whole, a definition alone for its name or size. */
export function judgeDefinitions(bytes: Buffer, { fault, delimiter, environment }: DefinitionRules): Judged {
  const text = decode(bytes);
  if (text === null) return refusedWhole('it is no UTF-8');
  const parsed = parseDefinitions(text);
  if (parsed.kind === 'malformed') return refusedWhole(parsed.why);
  // The last one of a name is the one that counts.
  const last = [...new Map(parsed.definitions.map((definition) => [definition.name, definition])).values()];
  const refused: Refused[] = [];
  const passed: Definition[] = [];
  let room = environment === null ? Number.POSITIVE_INFINITY : ENVIRONMENT_BYTES_MAX - sizeOf(environment);
  for (const definition of last) {
    const { name, value } = definition;
    const size = Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
    const why = fault(name) ?? valueFault(value, environment === null ? null : Math.min(room, VALUE_BYTES_MAX) - size);
    if (why !== null) {
      refused.push({ name: shown(name), why });
    } else {
      passed.push(definition);
      room -= size;
    }
  }
  return { text: Buffer.from(renderDefinitions(passed, delimiter)), passed: passed.map(({ name }) => name), refused };
}

function valueFault(value: string, room: number | null): string | null {
  if (value.includes('\0')) return 'its value has a NUL';
  return room !== null && room < 0 ? 'with it the environment of later steps would be too large' : null;
}

/** A folder a line, for the PATH of later steps: absolute, or it would be the workspace's; what splits a line or PATH is in none. */
export function judgePaths(bytes: Buffer, environment: readonly Uint8Array[]): Judged {
  const text = decode(bytes);
  if (text === null) return refusedWhole('it is no UTF-8');
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > PATH_ENTRIES_MAX) return refusedWhole(`it has ${lines.length} lines, expected ${PATH_ENTRIES_MAX} at most`);
  const path = environment.find((entry) => Buffer.from('PATH=').equals(entry.subarray(0, 5)));
  let room = PATH_BYTES_MAX - (path?.length ?? 0);
  const passed: string[] = [];
  const refused: Refused[] = [];
  for (const line of new Set(lines)) {
    const size = Buffer.byteLength(line) + 1;
    const why = pathFault(line) ?? (size > room ? 'with it the PATH of later steps would be too long' : null);
    if (why !== null) {
      refused.push({ name: shown(line), why });
    } else {
      passed.push(line);
      room -= size;
    }
  }
  return { text: Buffer.from(passed.map((line) => `${line}\n`).join('')), passed: passed.map(shown), refused };
}

function pathFault(line: string): string | null {
  if (!line.startsWith('/')) return 'it is no absolute path';
  if (Buffer.byteLength(line) > PATH_ENTRY_BYTES_MAX) return 'it is too long for a path';
  // Cc and Zl, Zp: whatever any reader of lines takes for a line's end.
  if (/[\p{Cc}\u2028\u2029:]/u.test(line)) return 'it has a control character or a colon';
  return line.split('/').some((part) => part === '.' || part === '..') ? 'it has . or .. in it' : null;
}

/** As much as the runner takes beside what is there already, and not half a character. */
export function summaryPart(bytes: Buffer, isWhole: boolean, written: number): Judged {
  const room = SUMMARY_BYTES_MAX - written;
  if (isWhole && bytes.length <= room) return { text: bytes, passed: bytes.length === 0 ? [] : ['summary'], refused: [] };
  const why = `it is longer than ${SUMMARY_BYTES_MAX} bytes and is cut`;
  const end = boundaryAtMost(bytes, room - CUT.length);
  const text = end <= 0 ? Buffer.alloc(0) : Buffer.concat([bytes.subarray(0, end), Buffer.from(CUT)]);
  return { text, passed: end <= 0 ? [] : ['summary'], refused: [{ name: null, why }] };
}

/** UTF-8 (RFC 3629): a byte 10xxxxxx continues a character. */
function boundaryAtMost(bytes: Buffer, length: number): number {
  let end = Math.min(length, bytes.length);
  for (let back = 0; back < 3 && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back++) end -= 1;
  return end;
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function sizeOf(environment: readonly Uint8Array[]): number {
  return environment.reduce((sum, entry) => sum + entry.length + 1, 0);
}

/** For a log that reads commands out of its lines (`##[…]`, `::…::`): what is odd is a question mark. */
function shown(name: string): string {
  return name.slice(0, SHOWN_NAME_CHARS_MAX).replace(/[^A-Za-z0-9_./-]/g, '?');
}

export function refusedWhole(why: string): Judged {
  return { text: Buffer.alloc(0), passed: [], refused: [{ name: null, why }] };
}
