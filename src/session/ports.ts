import type { AuditEntry } from '#core/audit/entry.ts';

/**
 * All that a session needs of the world. Adapters implement these; tests pass fakes.
 */
export type Clock = {
  /** Milliseconds since 1970, for people and records. */
  nowMs(): number;
  /** Microseconds that never go back, for durations. */
  monotonicMicros(): number;
};

/** Unpredictable, unique ids: 128 bits, base64url. */
export type Ids = { next(): string };

/**
 * The only way into a bundle's `audit.jsonl`.
 *
 * `append` keeps the order of calls. `written` is called once the line has been handed to the operating system
 * (write(2), R37) or could not be; several lines may share one write, never out of order, and `written` is never
 * called from within `append`. After one failure every later append fails (P2).
 */
export type AuditLog = {
  append(entry: AuditEntry, written?: (result: AuditResult) => void): void;
};

export type AuditResult = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Where the responses of one command are kept as the client got them (policy: `evidence.responses`). */
export type ResponseLog = {
  /** Null: taken. Else resolves when it is: until then, whoever brings more must wait. `bytes` are not written to afterwards. */
  write(decisionId: string, bytes: Uint8Array): Promise<void> | null;
};

/** The secrets a gateway was handed, by name. Values never leave through logs or errors (P5). */
export type SecretStore = { get(name: string): string | undefined; readonly names: readonly string[] };
