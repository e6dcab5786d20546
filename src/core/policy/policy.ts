import type { SessionLimits } from '#core/chain/delegation-limits.ts';
import type { EgressPolicy } from '#core/egress/rules.ts';
import type { PostgresEffect } from '#core/operation/operation.ts';

/**
 * A policy after parsing: every name resolved, every glob compiled to its parts, nothing optional left open.
 * docs/policy.md is the reference; parse.ts makes it from YAML and is the only maker.
 */
export type Policy = {
  readonly version: 1;
  readonly targets: ReadonlyMap<string, PostgresTarget>;
  readonly duties: ReadonlyMap<string, Duty>;
  readonly bindings: readonly Binding[];
  readonly evidence: EvidencePolicy;
  readonly confinement: ConfinementPolicy;
  /** Audiences that commands may get identity tokens for. */
  readonly audiences: readonly string[];
  readonly agents: readonly AgentRule[];
  /** Null: commands reach targets and nothing else. */
  readonly egress: EgressPolicy | null;
  /** How far commands may have others run, and how much a session may hold, and for how long. */
  readonly limits: SessionLimits;
  /** The ids of the repositories that bindings name; absent where nobody looked them up. */
  readonly repositoryIds?: RepositoryIds;
};

/** Programs that hold whatever shares their cage to a duty, from when one is first seen (R26). */
export type AgentRule = {
  /** `agents[0]`. */
  readonly id: string;
  /** Globs over paths, as they were written; agent-glob.ts matches them. */
  readonly match: readonly string[];
  readonly duty: Duty;
  /** For how long it holds: to the end of the cage, or in every later one of the job as well. */
  readonly sticky: 'cage' | 'job';
  /** What they may do to the workspace, where they are started in a cage of their own. */
  readonly workspace: 'write' | 'read';
};

/** What of a session is kept. Null where the policy does not say: keeps.ts has the defaults. */
export type EvidencePolicy = {
  readonly recordings: 'full' | 'none' | null;
  readonly responses: 'full' | 'digest' | 'none' | null;
  /** age recipients; empty: nothing is encrypted. */
  readonly encryptTo: readonly string[];
  readonly token: 'at-once' | 'after-expiry';
};

/** What a command can see of the machine, beyond what no policy changes. */
export type ConfinementPolicy = {
  /** Absolute, or `~/…`; they need not exist. */
  readonly hide: readonly string[];
  /** Folders that a job's command writes for good, written as in `hide`. */
  readonly persist: readonly string[];
  /** Names of variables. */
  readonly passEnv: readonly string[];
};

/** Names in lower case → GitHub's id of what bears the name; null: GitHub shows none to whoever asked. */
export type RepositoryIds = {
  /** `owner/name`. */
  readonly repositories: ReadonlyMap<string, string | null>;
  readonly owners: ReadonlyMap<string, string | null>;
};

export type PostgresTarget = {
  readonly kind: 'postgres';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** More host names it answers to inside the cage, besides `host` and `<name>.duty-gate`. */
  readonly names: readonly string[];
  readonly database: string;
  readonly user: string;
  readonly password: SecretRef | null;
  readonly tls: TlsMode;
  readonly ca: SecretRef | null;
  readonly statementBytesMax: number;
};

/** libpq's sslmode words. */
export const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

export type SecretRef = { readonly secret: string };

export type Duty = {
  readonly name: string;
  readonly allow: readonly Rule[];
  readonly deny: readonly Rule[];
  readonly mask: readonly MaskEntry[];
  /** How many operations it allows in one session, whoever asks; null: any number. */
  readonly operationsMax: number | null;
};

export type Rule = {
  /** `log-reader.allow[0]`: stable within one policy text. */
  readonly id: string;
  readonly on: GlobList;
  /** Null: every effect but *unknown*. */
  readonly effects: ReadonlySet<PostgresEffect> | null;
  /** Null: every relation. Two-part globs, schema and name. */
  readonly relations: GlobList | null;
  /** Null: every function. Two-part globs. */
  readonly functions: GlobList | null;
  /** Null: every database. */
  readonly databases: GlobList | null;
  readonly reason: string | null;
};

/** Positives less negatives; glob.ts matches it part by part. Never empty, never only negatives. */
export type GlobList = { readonly include: readonly GlobParts[]; readonly exclude: readonly GlobParts[] };
export type GlobParts = readonly string[];

export type MaskEntry = {
  /** `log-reader.mask[0]`. */
  readonly id: string;
  readonly on: GlobList;
  readonly with: MaskMethod;
  readonly what:
    | { readonly kind: 'columns'; readonly columns: GlobList }
    | { readonly kind: 'detect'; readonly detectors: readonly DetectorName[] };
};

export const MASK_METHODS = ['redact', 'partial', 'hash', 'null', 'fixed'] as const;
export type MaskMethod = (typeof MASK_METHODS)[number];

export const DETECTORS = ['credit-card', 'email', 'iban', 'jwt', 'password', 'private-key'] as const;
export type DetectorName = (typeof DETECTORS)[number];

export type Binding = {
  /** `bindings[0]`. */
  readonly id: string;
  readonly duties: readonly string[];
  /** Every named claim must match. `issuer` is always present: a binding that names none means GitHub's. */
  readonly when: readonly { readonly claim: ClaimName; readonly globs: readonly string[] }[];
};

export const CLAIMS = [
  'issuer',
  'repository',
  'ref',
  'ref-protected',
  'environment',
  'event',
  'workflow-ref',
  'job-workflow-ref',
  'runner-environment',
  'actor',
  'groups',
] as const;
export type ClaimName = (typeof CLAIMS)[number];

/** What an issuer vouched for. Absent claims match nothing. The ids are those of `repository` and its owner (R4). */
export type Claims = { readonly issuer: string; readonly 'repository-id'?: string; readonly 'repository-owner-id'?: string } & {
  readonly [name in ClaimName]?: string | readonly string[];
};
