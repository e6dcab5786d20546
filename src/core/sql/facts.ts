import type { OperationObject, PostgresEffect } from '#core/operation/operation.ts';

/**
 * What one query string or Parse message shows by its text alone, before any name in it is looked up.
 * Made by classify.ts from PostgreSQL's own grammar; turned into an operation by resolve.ts.
 */
export type StatementFacts = {
  /** Its own for each classification, and shared by all texts of one shape: what holds for one of them holds for all. */
  readonly shape: object;
  /** One command tag per statement, in order: `SELECT`, `DROP TABLE`. Empty for an empty string. */
  readonly tags: readonly string[];
  /** Relations by the names as the grammar reads them, with what is done to each. */
  readonly relations: readonly RelationUse[];
  /** Effects whose object needs no look-up. */
  readonly objects: readonly ObjectUse[];
  /** Built-in names used without `pg_catalog.`, which a user's own object could shadow (R30). */
  readonly functionNames: readonly string[];
  readonly operatorNames: readonly string[];
  /** Reasons why the whole cannot be judged; each becomes an *unknown* pair. */
  readonly unknown: readonly string[];
  readonly columns: ColumnUse;
  readonly transaction: readonly TransactionControl[];
  /** What later statements may no longer take for granted once this has run (R31, R32). */
  readonly barrier: Barrier;
  readonly cursors: CursorUse;
  readonly copy: 'in' | 'out' | null;
  /** Byte ranges [start, end) of the constants in the statement's UTF-8 text, for masking it in the audit. */
  readonly literals: readonly (readonly [start: number, end: number])[];
  /** True when a constant's value decided something, so that facts may not be shared between texts of one shape. */
  readonly literalSensitive: boolean;
};

/** A relation as written: schema null when unqualified. Case already folded by the grammar. */
export type NameRef = { readonly schema: string | null; readonly name: string };
export type RelationUse = { readonly effect: PostgresEffect; readonly relation: NameRef };
export type ObjectUse = { readonly effect: PostgresEffect; readonly object: OperationObject };

/**
 * How columns are used, for masks. A masked column may be shown (masked, by its origin) but not computed with:
 * `elsewhere` names every column mentioned anywhere but as a bare item of the top-level SELECT list;
 * `everyColumnElsewhere` is set where that cannot be told by name (whole rows, set operations, nested `*`,
 * NATURAL JOIN, DISTINCT, ordinals, column aliases, INSERT … SELECT, COPY …).
 */
export type ColumnUse = { readonly elsewhere: ReadonlySet<string>; readonly everyColumnElsewhere: boolean };

export type TransactionControl = 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to';

/**
 * none: nothing changes. names: names may mean something else afterwards (SET search_path, DDL, DISCARD, temp tables).
 * state: code that nobody read ran, so the gate asks the server again before it judges on.
 */
export type Barrier = 'none' | 'names' | 'state';

/** SQL-level prepared statements and cursors, by name. */
export type CursorUse = {
  readonly prepares: readonly { readonly name: string; readonly facts: StatementFacts }[];
  readonly executes: readonly string[];
  readonly declares: readonly { readonly name: string; readonly facts: StatementFacts }[];
  readonly fetches: readonly string[];
};

/** Why a text has no facts: it never reaches the server. */
export type Unreadable = { readonly kind: 'unreadable'; readonly why: string; readonly remedy: string };
