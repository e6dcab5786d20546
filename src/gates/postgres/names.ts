import type { NameRef, StatementFacts } from '#core/sql/facts.ts';
import type { ResolvedNames, ResolvedRelation } from '#core/sql/resolve.ts';

/**
 * What names mean to this client's own upstream connection, right now (R31).
 *
 * Names are asked for in the session that will run the statement, in the place of the stream where it will run, and
 * remembered until something in the same stream could change their meaning (`forget`). A name that stands for nothing
 * is never remembered: somebody else may create it at any time.
 */
export class NameCache {
  /** Rises whenever what was known is forgotten; judgements made under another epoch are made again. */
  epoch = 0;
  #relations = new Map<string, ResolvedRelation>();
  #functions = new Asked();
  #operators = new Asked();
  #currentSchema: string | null = null;

  forget(): void {
    this.epoch += 1;
    this.#relations.clear();
    this.#functions = new Asked();
    this.#operators = new Asked();
    this.#currentSchema = null;
  }

  /** What must be asked of the server before these facts can be judged; null when all is known. */
  missing(facts: StatementFacts): LookUp | null {
    // Before asking, never when the answer has come: what the waiting facts were judged to know would be gone.
    if (this.#relations.size + this.#functions.known.size + this.#operators.known.size > NAMES_MAX) this.forget();
    const relations = facts.relations.map((use) => relationKey(use.relation)).filter((key) => !this.#relations.has(key));
    const functions = facts.functionNames.filter((name) => !this.#functions.known.has(name));
    const operators = facts.operatorNames.filter((name) => !this.#operators.known.has(name));
    if (relations.length + functions.length + operators.length === 0) return null;
    return { relations: [...new Set(relations)], functions: [...new Set(functions)], operators: [...new Set(operators)] };
  }

  /** Takes the server's answer in; returns the names for judging the facts that were waiting for it. */
  learn(asked: LookUp, answer: LookUpAnswer): ResolvedNames {
    asked.relations.forEach((key, index) => {
      const relation = answer.relations[index] ?? null;
      if (relation !== null) this.#relations.set(key, relation);
    });
    this.#functions.learn(asked.functions, answer.functions);
    this.#operators.learn(asked.operators, answer.operators);
    this.#currentSchema = answer.schema;
    return this.known();
  }

  known(): ResolvedNames {
    return {
      relation: (ref) => this.#relations.get(relationKey(ref)) ?? 'missing',
      currentSchema: this.#currentSchema,
      shadowedFunctions: this.#functions.shadowed,
      shadowedOperators: this.#operators.shadowed,
    };
  }
}

const NAMES_MAX = 10_000;

/** Built-in names that were asked about, and those of them that something of a user's could stand in for. */
class Asked {
  readonly known = new Set<string>();
  readonly shadowed = new Set<string>();

  learn(asked: readonly string[], shadowed: readonly string[]): void {
    for (const name of asked) this.known.add(name);
    for (const name of shadowed) this.shadowed.add(name);
  }
}

/** Names to ask for; relations as `to_regclass` reads them. */
export type LookUp = {
  readonly relations: readonly string[];
  readonly functions: readonly string[];
  readonly operators: readonly string[];
};

export type LookUpAnswer = {
  readonly schema: string | null;
  /** In the order asked; null where the name stands for nothing. */
  readonly relations: readonly (ResolvedRelation | null)[];
  /** Those that a user's own function or operator could stand in for. */
  readonly functions: readonly string[];
  readonly operators: readonly string[];
};

function relationKey(ref: NameRef): string {
  return ref.schema === null ? quoteIdentifier(ref.name) : `${quoteIdentifier(ref.schema)}.${quoteIdentifier(ref.name)}`;
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The three parameters of LOOK_UP_SQL. */
export function lookUpParameters(lookUp: LookUp): readonly string[] {
  return [JSON.stringify(lookUp.relations), JSON.stringify(lookUp.functions), JSON.stringify(lookUp.operators)];
}

/**
 * Every function, operator and type is named with its schema: the client's search_path must not choose what answers us (R31).
 * One row, one column: JSON. $1 names for to_regclass, $2 function names, $3 operator names, each a JSON array.
 * Objects of PostgreSQL itself have oids below 16384 (FirstNormalObjectId).
 */
export const LOOK_UP_SQL = `SELECT pg_catalog.json_build_object(
'schema', pg_catalog.current_schema(),
'relations', (SELECT pg_catalog.json_agg(CASE WHEN c.oid IS NULL THEN NULL ELSE pg_catalog.json_build_object(
  'oid', c.oid::pg_catalog.int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
  'temporary', c.relpersistence OPERATOR(pg_catalog.=) 't'::pg_catalog."char", 'rules', c.relhasrules,
  'userTriggers', EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid AND NOT t.tgisinternal),
  'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('attnum', a.attnum, 'name', a.attname)) FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped)) END ORDER BY w.i)
  FROM pg_catalog.json_array_elements_text($1::pg_catalog.json) WITH ORDINALITY AS w(name, i)
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(w.name)::pg_catalog.oid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace),
'functions', (SELECT pg_catalog.json_agg(DISTINCT p.proname::pg_catalog.text) FROM pg_catalog.pg_proc AS p
  WHERE p.proname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT pg_catalog.json_array_elements_text($2::pg_catalog.json)))
  AND p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND pg_catalog.pg_function_is_visible(p.oid)),
'operators', (SELECT pg_catalog.json_agg(DISTINCT o.oprname::pg_catalog.text) FROM pg_catalog.pg_operator AS o
  WHERE o.oprname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT pg_catalog.json_array_elements_text($3::pg_catalog.json)))
  AND o.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND o.oprleft OPERATOR(pg_catalog.<) 16384::pg_catalog.oid
  AND o.oprright OPERATOR(pg_catalog.<) 16384::pg_catalog.oid AND pg_catalog.pg_operator_is_visible(o.oid)))::pg_catalog.text`;

/** The answer's JSON text → value. The server is not trusted: anything of another shape is null. */
export function parseLookUpAnswer(text: string): LookUpAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const relations = (value['relations'] ?? []) as unknown; // checked by the map below
  const functions = value['functions'] ?? [];
  const operators = value['operators'] ?? [];
  const schema = value['schema'] ?? null;
  if (!Array.isArray(relations) || !isTextArray(functions) || !isTextArray(operators)) return null;
  if (schema !== null && typeof schema !== 'string') return null;
  const parsed = relations.map(parseRelation);
  return parsed.includes(undefined)
    ? null
    : { schema, relations: parsed.filter((relation) => relation !== undefined), functions, operators };
}

function parseRelation(value: unknown): ResolvedRelation | null | undefined {
  if (value === null) return null;
  if (!isRecord(value)) return undefined;
  const { oid, schema, name, kind, temporary, rules, userTriggers } = value;
  const columns = value['columns'] ?? [];
  if (typeof oid !== 'number' || typeof schema !== 'string' || typeof name !== 'string' || typeof kind !== 'string') return undefined;
  if (typeof temporary !== 'boolean' || typeof rules !== 'boolean' || typeof userTriggers !== 'boolean' || !Array.isArray(columns))
    return undefined;
  if (!columns.every(isColumn)) return undefined;
  return { oid, schema, name, kind, temporary, rules, userTriggers, columns };
}

function isColumn(value: unknown): value is { attnum: number; name: string } {
  return isRecord(value) && typeof value['attnum'] === 'number' && typeof value['name'] === 'string';
}

function isTextArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
