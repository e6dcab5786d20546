/**
 * The parse tree as libpg_query writes it: the JSON form of its protobuf, default values left out.
 *
 * A field of type Node holds `{ TypeName: { fields } }`; a field of one fixed type holds the bare fields.
 * (pg_query.proto, https://github.com/pganalyze/libpg_query)
 */
export type Tree = { readonly [field: string]: TreeValue };
export type TreeValue = string | number | boolean | null | Tree | readonly TreeValue[];

export function isTree(value: TreeValue | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A Node taken apart; null when the value is no Node. */
export function openNode(value: TreeValue | undefined): { readonly type: string; readonly fields: Tree } | null {
  if (!isTree(value)) return null;
  const keys = Object.keys(value);
  const type = keys[0];
  if (type === undefined || keys.length !== 1) return null;
  const fields = value[type];
  return isTree(fields) ? { type, fields } : null;
}

/** The fields of a Node that must be of one type; null when it is another or none. */
export function fieldsOf(value: TreeValue | undefined, type: string): Tree | null {
  const node = openNode(value);
  return node !== null && node.type === type ? node.fields : null;
}

export function listIn(tree: Tree, field: string): readonly TreeValue[] {
  const value = tree[field];
  return Array.isArray(value) ? value : [];
}

/** A field of one fixed type; null when absent. */
export function treeIn(tree: Tree, field: string): Tree | null {
  const value = tree[field];
  return isTree(value) ? value : null;
}

/** Text and enum fields: the empty string, which is their default, when absent. */
export function textIn(tree: Tree, field: string): string {
  const value = tree[field];
  return typeof value === 'string' ? value : '';
}

export function isSet(tree: Tree, field: string): boolean {
  return tree[field] === true;
}

/** The text of a String node; null for any other. */
export function stringNode(value: TreeValue | undefined): string | null {
  const fields = fieldsOf(value, 'String');
  return fields === null ? null : textIn(fields, 'sval');
}

/** A qualified name given as a list of String nodes; empty when any part is something else, such as `*`. */
export function namePath(values: readonly TreeValue[]): readonly string[] {
  const parts = values.map(stringNode);
  return parts.every((part) => part !== null) ? parts : [];
}

/** A constant's value: text, number, boolean or NULL; undefined when the node is no plain constant. */
export function constantValue(value: TreeValue | undefined): string | number | boolean | null | undefined {
  const constant = fieldsOf(value, 'A_Const');
  if (constant === null) return undefined;
  if (isSet(constant, 'isnull')) return null;
  const { sval, ival, fval, boolval } = constant;
  if (isTree(sval)) return textIn(sval, 'sval');
  if (isTree(ival)) return typeof ival['ival'] === 'number' ? ival['ival'] : 0;
  if (isTree(fval)) return textIn(fval, 'fval');
  if (isTree(boolval)) return isSet(boolval, 'boolval');
  return undefined;
}
