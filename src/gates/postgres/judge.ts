import type { Operation, Pair } from '#core/operation/operation.ts';
import type { MaskMethod } from '#core/policy/policy.ts';
import type { StatementFacts } from '#core/sql/facts.ts';
import { type ResolvedNames, type ResolvedRelation, resolveOperationPairs } from '#core/sql/resolve.ts';

/** The masks that a right lays on one target, ready for use. */
export type TargetMasks = {
  /** Rises when the right is narrowed: what was judged before is judged again. */
  readonly generation: number;
  /** False when no column of the target can be masked: then nothing need be looked at. */
  readonly masksColumns: boolean;
  /** Masked attributes of one relation; empty when none is. */
  columnsOf(relation: ResolvedRelation): ReadonlyMap<number, MaskMethod>;
};

/** What a statement does, once its names are known: good for one epoch of the name cache and one generation of masks. */
export type Judged = {
  readonly epoch: number;
  readonly generation: number;
  readonly pairs: readonly Pair[];
  /** As in Operation. */
  readonly statements: number;
  /** Set when the statement cannot be judged, whatever the policy says. */
  readonly objection: Objection | null;
  /** The relations it names, with the masks of their attributes. Empty where the target has no column masks. */
  readonly resolved: readonly { readonly oid: number; readonly columns: ReadonlyMap<number, MaskMethod> }[];
  /** Whether a masked column may show in the result. */
  readonly showsMasked: boolean;
  /** Whether constants and parameters may be values of masked columns, and so stay out of the audit (P7). */
  readonly hidesLiterals: boolean;
};

export type Objection = { readonly why: string; readonly remedy: string };

/** `involved`: the statement's own facts first, then those of the prepared statements and cursors it runs. */
export function judgeFacts(involved: readonly StatementFacts[], names: ResolvedNames, masks: TargetMasks, epoch: number): Judged {
  const pairs = involved.flatMap((facts) => resolveOperationPairs(facts, names));
  const statements = statementsOf(involved);
  const { generation } = masks;
  if (!masks.masksColumns)
    return { epoch, generation, pairs, statements, objection: null, resolved: [], showsMasked: false, hidesLiterals: false };

  const resolved = new Map<number, ReadonlyMap<number, MaskMethod>>();
  let showsMasked = false;
  let objection: Objection | null = null;
  let hidesLiterals = false;
  for (const facts of involved) {
    for (const { effect, relation: ref } of facts.relations) {
      const relation = names.relation(ref);
      if (relation === 'missing') {
        hidesLiterals = true;
        continue;
      }
      const columns = masks.columnsOf(relation);
      resolved.set(relation.oid, columns);
      if (columns.size === 0) continue;
      showsMasked = true;
      objection ??= objectionTo([facts, ...involved.slice(0, 1)], relation, columns);
      if (effect !== 'read' || objection !== null) hidesLiterals = true;
    }
  }
  return {
    epoch,
    generation,
    pairs,
    statements,
    objection,
    resolved: [...resolved].map(([oid, columns]) => ({ oid, columns })),
    showsMasked,
    hidesLiterals,
  };
}

function statementsOf([own]: readonly StatementFacts[]): number {
  return own === undefined ? 0 : own.tags.length - own.transaction.length;
}

/**
 * INVARIANT (P7): a masked column may be shown, since it is masked by its origin, but nothing may be computed from it:
 * a function of it has no origin, and a condition on it answers questions about it (W-sql-8). `uses`: the statement that names
 * the relation, and the one that runs it by name, which may put its result somewhere (CREATE TABLE … AS EXECUTE).
 */
function objectionTo(
  uses: readonly StatementFacts[],
  relation: ResolvedRelation,
  masked: ReadonlyMap<number, MaskMethod>,
): Objection | null {
  const remedy = 'Select masked columns as plain columns of the outermost SELECT, and use other columns in conditions and expressions.';
  const name = `${relation.schema}.${relation.name}`;
  if (uses.some((facts) => facts.columns.everyColumnElsewhere)) {
    return { why: `${name} has columns that are masked for this duty, and this statement may compute with them`, remedy };
  }
  const used = relation.columns.find(
    (column) => masked.has(column.attnum) && uses.some((facts) => facts.columns.elsewhere.has(column.name)),
  );
  if (used === undefined) return null;
  return { why: `column ${name}.${used.name} is masked for this duty, and this statement computes with it`, remedy };
}

export function operationOf(
  at: { readonly target: string; readonly database: string },
  judged: Judged,
  statement: string,
  parameters: readonly (string | null)[],
): Operation {
  const { target, database } = at;
  const { pairs, statements } = judged;
  return { target, protocol: 'postgres', database, pairs, statements, statement, parameters };
}
