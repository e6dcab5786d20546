/**
 * An operation: what somebody wants done on a target, as the policy sees it.
 *
 * A set of (effect, object) pairs. Every gate turns its protocol's requests into this one shape, and
 * nothing past the gates knows a protocol. Pure values.
 */

/** What a statement does to an object (docs/policy.md, "Effects"). */
export const POSTGRES_EFFECTS = [
  'read',
  'insert',
  'update',
  'update-all',
  'delete',
  'delete-all',
  'truncate',
  'create',
  'alter',
  'drop',
  'grant',
  'execute',
  'session',
  'copy-in',
  'copy-out',
  'program',
  'lock',
  'maintain',
  'admin',
  'unknown',
] as const;

export type PostgresEffect = (typeof POSTGRES_EFFECTS)[number];

/** The thing an effect touches. Paths are what names mean to the server, never only what was typed. */
export type OperationObject =
  /** Nothing but the session itself: `SELECT 1`. Covered by any rule that names the effect. */
  | { readonly kind: 'none' }
  /** A system relation reviewed as harmless to read: covered by any rule that names the effect; denies may name it. */
  | { readonly kind: 'catalog'; readonly path: readonly [schema: string, name: string] }
  | { readonly kind: 'relation'; readonly path: readonly [schema: string, name: string] }
  | { readonly kind: 'function'; readonly path: readonly [schema: string, name: string] }
  | { readonly kind: 'setting'; readonly name: string }
  /** Schemas, roles, extensions, types …: `what` is PostgreSQL's word for it in lower case. */
  | { readonly kind: 'other'; readonly what: string; readonly name: string }
  /** Only with effect *unknown*: why nobody can tell. */
  | { readonly kind: 'undecidable'; readonly why: string };

export type Pair = { readonly effect: PostgresEffect; readonly object: OperationObject };

export type Operation = {
  /** The target's name in the policy. */
  readonly target: string;
  readonly protocol: 'postgres';
  /** The database on that target. */
  readonly database: string;
  readonly pairs: readonly Pair[];
  /** How many statements it runs, but for those that control transactions. */
  readonly statements: number;
  /** The statement as people may see it: masked (P7). */
  readonly statement: string;
  /** Bind values as people may see them, in order; null is SQL NULL. Empty for simple queries. */
  readonly parameters: readonly (string | null)[];
};

/** An object in the words of messages: `public.customers`, `setting work_mem`. */
export function describeObject(object: OperationObject): string {
  switch (object.kind) {
    case 'none':
      return 'no object';
    case 'catalog':
    case 'relation':
      return object.path.join('.');
    case 'function':
      return `function ${object.path.join('.')}`;
    case 'setting':
      return `setting ${object.name}`;
    case 'other':
      return `${object.what} ${object.name}`;
    case 'undecidable':
      return object.why;
  }
}
