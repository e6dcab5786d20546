import type { Pair } from '#core/operation/operation.ts';

/**
 * The kinds of audit entry, as written to `audit.jsonl`: one canonical JSON (RFC 8785) object a line.
 * `link.ts` wraps each with its place in the chain. Readers pass over kinds they do not know, and verify them all the same.
 */
export type AuditEntry =
  | SessionEntry
  | DecisionEntry
  | OutcomeEntry
  | ConnectionEntry
  | RecordingEntry
  | CommandEntry
  | IncidentEntry
  | SealEntry;

/** First entry of a bundle. */
export type SessionEntry = {
  readonly kind: 'session';
  readonly session: string;
  readonly gateway: string;
  readonly issuer: string;
  /** The claims the session was opened with, as strings. */
  readonly claims: Readonly<Record<string, string>>;
  readonly chain: readonly Link[];
  /** SHA-256 of the policy text, lower-case hex. */
  readonly policySha256: string;
  /** Where the policy was read from; null: a file of the machine. */
  readonly policySource: PolicySource | null;
  /** RFC 7638 thumbprints: the client's key and the evidence key that signs the manifest. */
  readonly clientKey: string;
  readonly evidenceKey: string;
  readonly nonce: string;
  readonly confinement: 'confined' | 'unconfined';
};

/** A file of a repository at one commit. */
export type PolicySource = {
  /** `owner/name`, and GitHub's id of it. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly path: string;
  /** `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  readonly commit: string;
};

/** One link of a chain, job first (DESIGN: delegation). */
export type Link = {
  readonly principal: string;
  readonly duty: string;
  readonly executable: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly started: string;
  readonly keyThumbprint: string;
};

/** Written before the act (P1, R37). */
export type DecisionEntry = {
  readonly kind: 'decision';
  readonly decision: string;
  readonly connection: string;
  readonly target: string;
  readonly duty: string;
  readonly outcome: 'allow' | 'deny' | 'unjudgeable' | 'over-limit';
  readonly rules: readonly string[];
  readonly pairs: readonly Pair[];
  /** In words; empty for allow. */
  readonly reasons: readonly string[];
  readonly statement: string;
  readonly parameters: readonly (string | null)[];
};

/** Written when an allowed operation has ended. */
export type OutcomeEntry = {
  readonly kind: 'outcome';
  readonly decision: string;
  readonly status: 'ok' | 'error' | 'suspended' | 'skipped' | 'cut';
  /** SQLSTATE or the protocol's own code; null when ok. */
  readonly code: string | null;
  readonly rows: number;
  /** Bytes of the response as the client got it. */
  readonly bytes: number;
  readonly masked: number;
  readonly durationMicros: number;
};

export type ConnectionEntry = {
  readonly kind: 'connection';
  readonly connection: string;
  /** The command it came from: which cage's listener took it. */
  readonly link: string;
  readonly target: string;
  readonly event: 'opened' | 'refused' | 'closed';
  readonly why: string | null;
};

/** A chunk of a recording, as it reached the disk. Claimed by the wrapper, not seen by the gateway. */
export type RecordingEntry = {
  readonly kind: 'recording';
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
};

export type CommandEntry = {
  readonly kind: 'command';
  /** `1`, `2` …: names the command and its recording in this bundle. */
  readonly link: string;
  readonly event: 'started' | 'ended';
  readonly argv: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
};

/** Something that ended the session before its time. No seal follows. */
export type IncidentEntry = {
  readonly kind: 'incident';
  /** Somebody opened a second session at a gateway that serves one (R2). */
  readonly incident: 'second-open';
  /** RFC 7638 thumbprint of the key that did. */
  readonly clientKey: string;
};

/** Last entry of a bundle that ended well. */
export type SealEntry = {
  readonly kind: 'seal';
  readonly entries: number;
  readonly allowed: number;
  readonly refused: number;
  readonly masked: number;
};
