import type { FactsBuilder } from './facts-builder.ts';
import { fieldKinds } from './node-fields.ts';
import { isTree, openNode, type Tree, type TreeValue } from './tree.ts';

/**
 * The walk over a parse tree: by allow-list, node by node and field by field (P2).
 *
 * A node type has a handler, or is walked field by field as node-fields.ts says, or makes the statement *unknown*.
 */
export type Walk = {
  readonly facts: FactsBuilder;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Builds the facts of a statement inside another one that does not run it now (PREPARE, DECLARE). */
  readonly nested: (statement: TreeValue) => FactsBuilder;
  readonly finish: (statement: TreeValue, facts: FactsBuilder) => ReturnType<FactsBuilder['build']>;
  /** Inside `SELECT … FROM pg_settings WHERE name = '…'`: what the column `name` can only be. */
  settingName: string | null;
  depth: number;
};

/** `scope`: the names of the common table expressions that stand before relations here. */
export type Scope = ReadonlySet<string>;
export type Handler = (walk: Walk, fields: Tree, scope: Scope) => void;

/** Deeper than what anybody writes, and shallow enough for the JavaScript stack. A chain of n operators is n deep. */
export const TREE_DEPTH_MAX = 1_000;

/** A Node, a list of Nodes, or nothing. */
export function walkNodes(walk: Walk, value: TreeValue | undefined, scope: Scope): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walkNodes(walk, item, scope);
    return;
  }
  const node = openNode(value);
  // An empty Node is a NULL in a list, such as the missing bound of `a[:2]`.
  if (node === null) {
    if (!isTree(value) || Object.keys(value).length > 0) walk.facts.unknown.add('the parse tree has a value that is no node');
    return;
  }
  walkNode(walk, node.type, node.fields, scope);
}

export function walkNode(walk: Walk, type: string, fields: Tree, scope: Scope): void {
  if (walk.depth >= TREE_DEPTH_MAX) {
    walk.facts.unknown.add(`the statement is nested more than ${TREE_DEPTH_MAX} levels deep`);
    return;
  }
  walk.depth += 1;
  const handler = walk.handlers.get(type);
  if (handler !== undefined) {
    handler(walk, fields, scope);
    // The handler has seen to the fields it knows; that there are no others is still to be checked.
    checkFields(walk, type, fields);
  } else if (type.endsWith('Stmt')) walk.facts.unknown.add(`no rule for ${type}`);
  else walkFields(walk, type, fields, scope);
  walk.depth -= 1;
}

/** All fields, but for those that the caller has handled itself. */
export function walkFields(walk: Walk, type: string, fields: Tree, scope: Scope, handled: readonly string[] = []): void {
  const kinds = fieldKinds(type);
  if (kinds === undefined) {
    walk.facts.unknown.add(`no rule for ${type}`);
    return;
  }
  for (const [name, value] of Object.entries(fields)) {
    if (handled.includes(name)) continue;
    const kind = kinds.get(name);
    if (kind?.kind === 'nodes') walkNodes(walk, value, scope);
    else if (kind?.kind === 'fixed' && isTree(value)) walkNode(walk, kind.type, value, scope);
    else if (kind?.kind !== 'plain' || (typeof value === 'object' && value !== null)) walk.facts.unknown.add(`no rule for ${type}.${name}`);
  }
}

function checkFields(walk: Walk, type: string, fields: Tree): void {
  const kinds = fieldKinds(type);
  for (const name of Object.keys(fields)) if (kinds?.get(name) === undefined) walk.facts.unknown.add(`no rule for ${type}.${name}`);
}
