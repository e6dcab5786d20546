import type { Ed25519Jwk } from '#core/identity/ed25519.ts';
import type { Pair } from '#core/operation/operation.ts';

/**
 * The kinds of audit entry, as written to `audit.jsonl`: one canonical JSON (RFC 8785) object a line.
 * `link.ts` wraps each with its place in the chain. Readers pass over kinds they do not know, and verify them all the same.
 */
export type AuditEntry =
  | SessionEntry
  | DecisionEntry
  | HoldEntry
  | ApprovalEntry
  | ReleaseEntry
  | OutcomeEntry
  | ConnectionEntry
  | CageEntry
  | ConfinementEntry
  | RecordingEntry
  | CommandEntry
  | DelegationEntry
  | AgentEntry
  | MintEntry
  | EgressEntry
  | CheckpointEntry
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
  readonly keeps: Keeps;
  readonly confinement: 'confined' | 'unconfined';
};

/** What of a session is kept, and how (policy: `evidence`). */
export type Keeps = {
  readonly recordings: 'full' | 'encrypted' | 'none';
  readonly responses: 'full' | 'encrypted' | 'digest' | 'none';
  /** `after-expiry`: the token's signature goes in only once nobody can use it any more (R5). */
  readonly token: 'at-once' | 'after-expiry';
  /** age recipients that can read what is encrypted. */
  readonly recipients: readonly string[];
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
  /** The command, or the job's cage, it is of: the session's chain, and the entries of kind delegation and agent about this link, tell on whose behalf. */
  readonly link: string;
  readonly target: string;
  /** All duties that hold at once, as rightText has them. */
  readonly duty: string;
  readonly outcome: 'allow' | 'hold' | 'deny' | 'unjudgeable' | 'over-limit';
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
  /** SHA-256 of these bytes; null: not kept. */
  readonly responseSha256: string | null;
};

/** One request for the approval of one person (P4), written before anybody is asked. */
export type HoldEntry = {
  readonly kind: 'hold';
  readonly hold: string;
  /** The operation that waits. */
  readonly decision: string;
  /** SHA-256 of the canonical operation that the approver is shown. */
  readonly operation: string;
  /** The GitHub environment whose reviewers are asked. */
  readonly environment: string;
  readonly expires: string;
};

/** How a hold ended. Only an approval has approver, run and receipt. */
export type ApprovalEntry = {
  readonly kind: 'approval';
  readonly hold: string;
  readonly verdict: 'approved' | 'rejected' | 'expired' | 'withdrawn';
  /** GitHub's numeric id, and the name of that day. */
  readonly approver: { readonly id: string; readonly login: string } | null;
  /** Id of the run that asked. */
  readonly run: string | null;
  /** The token that GitHub signed for that run (compact JWS): who approved what. */
  readonly receipt: string | null;
  readonly why: string | null;
};

/** A held operation goes on, or does not. */
export type ReleaseEntry = {
  readonly kind: 'release';
  readonly decision: string;
  readonly outcome: 'allow' | 'deny';
  readonly reasons: readonly string[];
};

/** A cage of the job's: several commands run in it, one after the other or side by side. What comes out of it is of the cage. */
export type CageEntry = {
  readonly kind: 'cage';
  /** `cage-1`, `cage-2` …: stands for it where other entries have a command's link. */
  readonly cage: string;
  readonly event: 'made' | 'entered' | 'ended';
  /** The command that had it made, or starts in it; null at its end. */
  readonly command: string | null;
};

/** What shut a command in, and what was found to hold before anything ran. */
export type ConfinementEntry = {
  readonly kind: 'confinement';
  /** The command whose own cage it is, or the job's cage. */
  readonly link: string;
  readonly entrance: string;
  readonly proved: readonly string[];
  /** Names of the ways out that were tried from inside (docs/confinement.md), as the wrapper claims. `open` includes what came to no end. */
  readonly escapes?: { readonly held: readonly string[]; readonly absent: readonly string[]; readonly open: readonly string[] };
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

/** A command is about to start on behalf of another, in a cage of its own. Written before its command entry. */
export type DelegationEntry = {
  readonly kind: 'delegation';
  readonly link: string;
  /** The command that asked: the listener that it asked by tells, not its word. */
  readonly parent: string;
  readonly principal: string;
  /** The duty that was asked for. */
  readonly duty: string;
  readonly executable: string;
  readonly started: string;
  readonly keyThumbprint: string | null;
  /** All duties that hold for it, its parent's first. */
  readonly duties: readonly string[];
  /** SHA-256 of its whole chain (core/chain/chain.ts). */
  readonly chainSha256: string;
};

/** Something that the policy's `agents` name was seen in a cage, which is held to that duty, too, from here on to its end (R26). */
export type AgentEntry = {
  readonly kind: 'agent';
  readonly link: string;
  /** `LINK-1`, `LINK-2` …: names it in chains. */
  readonly agent: string;
  readonly principal: string;
  readonly duty: string;
  /** What was seen; null where nothing could be proved. */
  readonly executable: string | null;
  readonly pid: number | null;
  readonly started: string;
  /** The glob that it matches. */
  readonly match: string | null;
  /** By what it was told: its program, the script that an interpreter runs, the name it goes by. `unproved`: nobody can say who it is. */
  readonly proof: 'executable' | 'script' | 'name' | 'unproved';
  /** In words, where nothing could be proved. */
  readonly why: string | null;
  /** All duties that hold in the cage from here on. */
  readonly duties: readonly string[];
};

/** A command asked for an identity token of the job. Written before GitHub is asked; the token itself is kept nowhere. */
export type MintEntry = {
  readonly kind: 'mint';
  readonly link: string;
  readonly audience: string;
  readonly outcome: 'granted' | 'refused';
};

/** A command tried to reach what is no target (policy: `egress`). `opened` is written before the connection is made. */
export type EgressEntry = {
  readonly kind: 'egress';
  readonly link: string;
  /** Names the attempt in its entries; empty where only a name was asked for. */
  readonly attempt: string;
  /** `asked`: the gateway is about to look the name up. */
  readonly event: 'asked' | 'opened' | 'refused' | 'closed';
  /** Name or address; empty where the entry stands for several. */
  readonly host: string;
  /** Null: only the name was asked for. */
  readonly port: number | null;
  /** The rule that allows it; null: none does. */
  readonly rule: string | null;
  readonly protocol: 'tls' | 'http' | 'raw' | null;
  /** Whom the client asked for: the name in its ClientHello, the Host of its request. */
  readonly seen: string | null;
  /** What is connected to: the checked addresses, in the order in which they are tried. */
  readonly address: string | null;
  /** In words; of `opened`, what `block` would have refused it for. */
  readonly why: string | null;
  readonly sent: number;
  readonly received: number;
  readonly durationMicros: number;
  /** How many attempts this entry stands for. */
  readonly times: number;
};

/** The evidence key signs the chain so far: what it signs, checkpoint.ts says. */
export type CheckpointEntry = {
  readonly kind: 'checkpoint';
  readonly key: Ed25519Jwk;
  /** 64 bytes, base64url. */
  readonly sig: string;
};

/** Something that ended the session before its job. */
export type IncidentEntry = {
  readonly kind: 'incident';
  /** Somebody opened a second session at a gateway that serves one (R2): no seal follows. Or its time was over (the policy's limits). */
  readonly incident: 'second-open' | 'time-over';
  /** RFC 7638 thumbprint of the key that did; the session's own. */
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
