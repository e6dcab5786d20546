import type { OperationObject } from '#core/operation/operation.ts';
import type { NameRef } from './facts.ts';
import { relationOf, relationOfPath } from './names-in-tree.ts';
import { fieldsOf, listIn, namePath, openNode, stringNode, type TreeValue, textIn } from './tree.ts';

/** What a DROP, COMMENT, ALTER … OWNER and the like are about. */
export type NamedObject = { readonly relation: NameRef } | { readonly object: OperationObject };

/** `objectType`: PostgreSQL's ObjectType, such as `OBJECT_TABLE`; `value`: the name in the form that this type has. */
export function namedObject(objectType: string, value: TreeValue | undefined): NamedObject {
  const what = objectWord(objectType);
  const parts = nameParts(value);
  if (RELATIONS.has(objectType)) {
    const relation = relationOfPath(parts);
    if (relation !== null) return { relation };
  }
  if (RELATION_PARTS.has(objectType)) {
    const relation = relationOfPath(parts.slice(0, -1));
    if (relation !== null) return { relation };
  }
  if (FUNCTIONS.has(objectType)) return { object: { kind: 'function', path: [parts.at(-2) ?? '?', parts.at(-1) ?? '?'] } };
  return { object: { kind: 'other', what, name: parts.length === 0 ? '?' : parts.join('.') } };
}

/** `OBJECT_FOREIGN_TABLE` → `foreign table`. */
export function objectWord(objectType: string): string {
  return objectType
    .replace(/^OBJECT_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

export const RELATIONS: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_INDEX',
  'OBJECT_FOREIGN_TABLE',
]);

/** Their last name part is the part's, those before it the relation's. */
export const RELATION_PARTS: ReadonlySet<string> = new Set([
  'OBJECT_COLUMN',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TRIGGER',
  'OBJECT_RULE',
  'OBJECT_POLICY',
]);

export const FUNCTIONS: ReadonlySet<string> = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_AGGREGATE']);

/** A name's parts, wherever the grammar puts them. */
function nameParts(value: TreeValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  const alone = stringNode(value);
  if (alone !== null) return [alone];
  const node = openNode(value);
  switch (node?.type) {
    case 'List':
      return listParts(listIn(node.fields, 'items'));
    case 'ObjectWithArgs':
      return namePath(listIn(node.fields, 'objname'));
    case 'TypeName':
      return namePath(listIn(node.fields, 'names'));
    case 'RoleSpec':
      return [textIn(node.fields, 'rolename')];
    case 'RangeVar': {
      const { schema, name } = relationOf(node.fields);
      return schema === null ? [name] : [schema, name];
    }
    default:
      return [];
  }
}

/** A cast or an operator class has types and names side by side. */
function listParts(items: readonly TreeValue[]): readonly string[] {
  return items.flatMap((item) => {
    const type = fieldsOf(item, 'TypeName');
    return type === null ? (stringNode(item) ?? []) : namePath(listIn(type, 'names'));
  });
}
