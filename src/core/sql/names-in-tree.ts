import type { NameRef } from './facts.ts';
import { namePath, type Tree, type TreeValue, textIn } from './tree.ts';

/** The relation that a RangeVar names. A database name before it can only be this one: PostgreSQL refuses any other. */
export function relationOf(rangeVar: Tree): NameRef {
  const schema = textIn(rangeVar, 'schemaname');
  return { schema: schema === '' ? null : schema, name: textIn(rangeVar, 'relname') };
}

/** The relation that a CREATE makes: temporary ones have a schema of their own, whatever the path says. */
export function createdRelation(rangeVar: Tree): NameRef {
  const relation = relationOf(rangeVar);
  return relation.schema === null && textIn(rangeVar, 'relpersistence') === 't' ? { schema: 'pg_temp', name: relation.name } : relation;
}

/** The relation that a list of name parts means; null when it is no such list. */
export function relationOfPath(parts: readonly string[]): NameRef | null {
  const name = parts.at(-1);
  return name === undefined || parts.length > 3 ? null : { schema: parts.at(-2) ?? null, name };
}

export function relationOfNames(names: readonly TreeValue[]): NameRef | null {
  return relationOfPath(namePath(names));
}

/**
 * A relation's name as text, as `nextval('S.q')` reads it (stringToQualifiedNameList): unquoted parts are folded to lower
 * case. Null for anything that needs more than plain reading, numbers (they are oids) among it.
 */
export function relationOfText(text: string): NameRef | null {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const match = /^\s*(?:"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_$]*))\s*(\.|$)/.exec(rest);
    if (match === null) return null;
    const [whole, quoted, plain, separator] = match;
    const part = quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"');
    // Longer names are cut by the server, at a byte that depends on its encoding.
    if (Buffer.byteLength(part) > IDENTIFIER_BYTES_MAX) return null;
    parts.push(part);
    if (separator === '') return relationOfPath(parts);
    rest = rest.slice(whole.length);
  }
}

/** NAMEDATALEN - 1 */
const IDENTIFIER_BYTES_MAX = 63;
