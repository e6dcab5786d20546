import type { KnownEntry } from '#core/audit/entry-schema.ts';

/** Problems that are kept; one is enough for the verdict. */
export const PROBLEMS_MAX = 100;

export type ProblemCode =
  | 'structure'
  | 'chain'
  | 'entry'
  | 'order'
  | 'seal'
  | 'recording'
  | 'policy'
  | 'manifest'
  | 'signature'
  | 'token'
  | 'approval'
  | 'checkpoint';

/** An entry that may not stand where it does, or as it does. */
export type RuleBroken = { readonly code: ProblemCode; readonly what: string };

/** Why a bundle is broken. `where`: a path, or `audit.jsonl entry N`. */
export type Problem = { readonly code: ProblemCode; readonly where: string; readonly what: string };

export type SessionFacts = Extract<KnownEntry, { kind: 'session' }>;

export type Counts = {
  readonly entries: number;
  readonly allowed: number;
  readonly refused: number;
  readonly masked: number;
  /** Operations that were allowed or released, and for which the bundle has no outcome. */
  readonly withoutOutcome: number;
  /** Held operations that were never released. */
  readonly waiting: number;
  /** Approvals by a person. */
  readonly approved: number;
  readonly connections: number;
  readonly connectionsRefused: number;
  readonly commands: number;
  /** Commands that were started on behalf of another. */
  readonly delegations: number;
  /** Agents that were seen in cages, and held to their duties. */
  readonly agents: number;
  /** Things that ended or endangered the session, such as a second opening of it. */
  readonly incidents: number;
  readonly recordings: number;
  readonly recordedBytes: number;
  readonly checkpoints: number;
  /** Entries of kinds that this version does not know. */
  readonly unknown: number;
};

/**
 * What a verifier found.
 * `sealed`: complete, signed, nothing changed. `unsealed`: no signature; what is there is consistent up to `counts.entries`.
 * `anchoring` says who vouches that the session named the signing key: a party outside the bundle, only the session's own
 * machine (issuer `local`), or nobody that this version knows.
 */
export type Verification = {
  readonly verdict: 'sealed' | 'unsealed' | 'broken';
  readonly anchoring: 'anchored' | 'local' | 'unanchored';
  readonly session: SessionFacts | null;
  readonly counts: Counts;
  /** Lines that the evidence key has signed: all of a sealed bundle, else those before the last checkpoint. */
  readonly signed: number;
  /** Hash of the last line that is intact; 64 zeros when none is. */
  readonly last: string;
  /** Times of the first and last intact line, by the gateway's clock. */
  readonly from: string | null;
  readonly to: string | null;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
};

/** R1: 0 sealed and anchored, 1 broken, 3 intact but unanchored, 4 unsealed. `allowLocal` turns 3 into 0 for issuer `local` only. */
export function exitCodeOf({ verdict, anchoring }: Pick<Verification, 'verdict' | 'anchoring'>, allowLocal: boolean): 0 | 1 | 3 | 4 {
  switch (verdict) {
    case 'broken':
      return 1;
    case 'unsealed':
      return 4;
    case 'sealed':
      return anchoring === 'anchored' || (anchoring === 'local' && allowLocal) ? 0 : 3;
  }
}
