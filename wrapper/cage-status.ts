import { type EscapeResult, parseEscapeLine } from './escape-report.ts';

/**
 * What a cage's init, and a command's starter, say on their sockets: lines beginning with `@` are ours, all else is a tool's complaint.
 */
export type CageStatus =
  /** The network is up; the pid is init's in the wrapper's own PID namespace, the inode the network namespace's. */
  | { readonly kind: 'network'; readonly pid: number; readonly inode: string }
  /** The folders for upper layers hold none: memory does, for this cage alone. */
  | { readonly kind: 'aside' }
  /** A line of the cage's mount table, and whether init can go there. */
  | { readonly kind: 'mount'; readonly line: string; readonly reachable: boolean }
  /** All mounts are made; init waits for `probe`, then for `go`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'escape'; readonly result: EscapeResult }
  /** All escapes were tried. */
  | { readonly kind: 'probed' }
  /** All rights are dropped; the next thing to happen is the command. */
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly step: string }
  | { readonly kind: 'exited'; readonly exitCode: number };

/** Complaints kept for the error message. */
export const COMPLAINT_CHARS_MAX = 4096;
const LINE_CHARS_MAX = 8192;

/** A reader of that stream: feed it chunks; it returns the statuses they complete. Lines beyond the limit are dropped. */
export class CageStatusReader {
  #line = '';
  #complaints = '';

  get complaints(): string {
    return this.#complaints.trim();
  }

  push(chunk: string): readonly CageStatus[] {
    const lines = (this.#line + chunk).split('\n');
    this.#line = (lines.pop() ?? '').slice(0, LINE_CHARS_MAX);
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): readonly CageStatus[] {
    const status = parseStatus(line);
    if (status !== null) return [status];
    if (this.#complaints.length < COMPLAINT_CHARS_MAX) this.#complaints += `${line.slice(0, COMPLAINT_CHARS_MAX)}\n`;
    return [];
  }
}

function parseStatus(line: string): CageStatus | null {
  const [word, ...rest] = line.split(' ');
  const number = Number(rest[0]);
  switch (word) {
    case '@network':
      return Number.isSafeInteger(number) && number > 0 && /^\d{1,20}$/.test(rest[1] ?? '')
        ? { kind: 'network', pid: number, inode: rest[1] ?? '' }
        : null;
    case '@aside':
      return { kind: 'aside' };
    case '@mount':
      return rest[0] === '+' || rest[0] === '-' ? { kind: 'mount', line: rest.slice(1).join(' '), reachable: rest[0] === '+' } : null;
    case '@ready':
      return { kind: 'ready' };
    case '@escape':
      return escapeStatus(line);
    case '@probed':
      return { kind: 'probed' };
    case '@started':
      return { kind: 'started' };
    case '@fail':
      return { kind: 'failed', step: rest.join(' ') };
    case '@exit':
      return rest[0] !== '' && Number.isInteger(number) && number >= 0 && number <= 255 ? { kind: 'exited', exitCode: number } : null;
    default:
      return null;
  }
}

function escapeStatus(line: string): CageStatus | null {
  const result = parseEscapeLine(line);
  return result === null ? null : { kind: 'escape', result };
}
