import { encodeEntry } from './encode-entry.ts';
import type { AuditEntry } from './entry.ts';
import { sha256Hex } from './sha256.ts';

/** Version of the line's own shape. */
export const CHAIN_VERSION = 1;

/** What the first line names as its predecessor. */
export const GENESIS_PREV = '0'.repeat(64);

/** Longest line that is written or read, without its LF. A statement of 1 MiB, escaped at its worst, fits twice. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Where a chain stands: how many lines it has, and the SHA-256 (64 lower-case hex digits) of the last one's bytes. */
export type ChainState = { readonly entries: number; readonly last: string };

export const EMPTY_CHAIN: ChainState = { entries: 0, last: GENESIS_PREV };

/**
 * The next line of a chain, without its LF: canonical JSON of `{at, entry, n, prev, v}`. Its hash covers its bytes, and
 * the next line names that hash, so nothing can be changed, dropped or put in between unnoticed (P6).
 * `at`: RFC 3339, UTC, milliseconds.
 */
export function chainLine(state: ChainState, at: string, entry: AuditEntry): { readonly line: string; readonly state: ChainState } {
  return chainEncoded(state, at, encodeEntry(entry));
}

/** The same for an entry that `encodeEntry` has already written. */
export function chainEncoded(state: ChainState, at: string, entry: string): { readonly line: string; readonly state: ChainState } {
  const line = `{"at":"${at}","entry":${entry},"n":${state.entries},"prev":"${state.last}","v":${CHAIN_VERSION}}`;
  return { line, state: { entries: state.entries + 1, last: sha256Hex(line) } };
}
