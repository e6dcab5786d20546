import { SECRET_CATALOG_COLUMNS } from './catalogs.ts';
import { commandTag } from './command-tags.ts';
import { EXPRESSION_HANDLERS } from './expressions.ts';
import type { NameRef, StatementFacts, Unreadable } from './facts.ts';
import { FactsBuilder } from './facts-builder.ts';
import { type Grammar, GrammarError } from './grammar.ts';
import { findConstants } from './lexer.ts';
import { columnUse, mayUseColumn } from './mask-safety.ts';
import { readStatement, type TextSettings, unreadable } from './readable.ts';
import { WRAPPING_STATEMENT_HANDLERS } from './statements-copy.ts';
import { ROW_STATEMENT_HANDLERS } from './statements-rows.ts';
import { SCHEMA_STATEMENT_HANDLERS } from './statements-schema.ts';
import { SERVER_STATEMENT_HANDLERS } from './statements-server.ts';
import { SESSION_STATEMENT_HANDLERS } from './statements-session.ts';
import { openNode, type TreeValue } from './tree.ts';
import { type Walk, walkNodes } from './walk.ts';

export type ClassifyLimits = { readonly statementBytesMax: number };

/**
 * What one query string or Parse message shows by its text, by the grammar of the server's own major. Never throws: a text
 * that cannot be judged is Unreadable, or has `unknown` reasons.
 */
export function classify(
  grammar: Grammar,
  statementBytes: Buffer,
  limits: ClassifyLimits,
  encoding: TextSettings,
): StatementFacts | Unreadable {
  const text = readStatement(statementBytes, limits.statementBytesMax, encoding);
  if (typeof text !== 'string') return text;
  try {
    const statements = grammar.parse(text).stmts.map(({ stmt }) => stmt);
    return factsOf(statements, statementBytes);
  } catch (error) {
    if (error instanceof GrammarError) {
      return error.code === 'syntax'
        ? unreadable(`PostgreSQL's grammar does not accept it: ${error.message}`, 'Correct the statement.')
        : unreadable(`PostgreSQL's grammar gave up on it: ${error.message}`, 'Make the statement simpler and try again.');
    }
    // A RangeError here is our own stack, run out on a tree that the grammar still managed.
    if (error instanceof RangeError) return unreadable('the statement is nested too deeply', 'Make the statement simpler.');
    throw error;
  }
}

function factsOf(statements: readonly TreeValue[], bytes: Buffer): StatementFacts {
  const { literals, foldsByEncoding } = findConstants(bytes);
  const parts = statements.map((statement) => statementFacts(statement, literals));
  const whole = new FactsBuilder();
  refuseSilentChanges(whole, parts);
  for (const part of parts) {
    // A cursor declared before in the same text is judged with its DECLARE.
    for (const { name } of whole.declares) part.fetches.delete(name);
    whole.add(part);
  }
  if (foldsByEncoding) whole.unknown.add('a name with letters beyond ASCII may be another name to the server: quote it');
  return whole.build({ columns: columnUse(statements), literals });
}

function statementFacts(statement: TreeValue, literals: StatementFacts['literals']): FactsBuilder {
  const facts = new FactsBuilder();
  facts.tags.push(commandTag(statement));
  const walk: Walk = {
    facts,
    handlers: HANDLERS,
    nested: (inner) => statementFacts(inner, literals),
    finish: (inner, built) => built.build({ columns: columnUse([inner]), literals }),
    settingName: null,
    depth: 0,
  };
  walkNodes(walk, statement, NO_SCOPE);
  noteSecretColumns(facts, statement);
  const nothing = facts.relations.length + facts.objects.length === 0 && facts.unknown.size === 0;
  if (nothing && openNode(statement)?.type === 'SelectStmt') facts.object('read', { kind: 'none' });
  return facts;
}

const NO_SCOPE: ReadonlySet<string> = new Set();

const HANDLERS = new Map([
  ...EXPRESSION_HANDLERS,
  ...ROW_STATEMENT_HANDLERS,
  ...WRAPPING_STATEMENT_HANDLERS,
  ...SCHEMA_STATEMENT_HANDLERS,
  ...SERVER_STATEMENT_HANDLERS,
  ...SESSION_STATEMENT_HANDLERS,
]);

/** R32: in one text, nothing is judged behind a part that may have changed what it means. */
function refuseSilentChanges(whole: FactsBuilder, parts: readonly FactsBuilder[]): void {
  let changed = false;
  for (const part of parts) {
    if (changed && part.namesSomething) whole.unknown.add('an earlier statement of the same text may change what a later one means');
    changed ||= part.barrier !== 'none' || part.prepares.length + part.executes.size + part.fetches.size > 0;
    // The end of a transaction takes back what was SET in it.
    changed ||= part.transaction.some((control) => control === 'commit' || control === 'rollback' || control === 'rollback-to');
  }
}

/** Of some system relations one column is a secret; whether it is asked for, only the whole statement shows. */
function noteSecretColumns(facts: FactsBuilder, statement: TreeValue): void {
  for (const { relation } of facts.relations) {
    const secret = secretColumnOf(relation);
    if (secret !== undefined && mayUseColumn(statement, secret)) {
      facts.object('admin', { kind: 'other', what: 'secret column', name: `${relation.name}.${secret}` });
    }
  }
}

function secretColumnOf(relation: NameRef): string | undefined {
  return relation.schema === null || relation.schema === 'pg_catalog' ? SECRET_CATALOG_COLUMNS.get(relation.name) : undefined;
}
