import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { ApiVersion, OperationName } from './operations.ts';
import type { Json, JsonObject, Subset } from './subset.ts';

const SUBSET: Subset = JSON.parse(readFileSync(join(import.meta.dirname, 'subset.json'), 'utf8'));
const FORMATS = {
  uri: (text: string) => URL.canParse(text),
  'date-time': (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)),
  int64: true,
  email: true,
} as const;
const ajv = new Ajv({ strict: false, allErrors: true, formats: FORMATS });
const compiled = new Map<string, ValidateFunction>();

export type GivenReply = {
  /** Null: refused before it was one. */
  readonly operation: OperationName | null;
  readonly version: ApiVersion;
  readonly status: number;
  readonly mediaType: string;
  /** Null: none. */
  readonly body: unknown;
};

/** What is wrong with an answer, by GitHub's own description; null when nothing is. Errors that it leaves out have its common form. */
export function replyFault({ operation, version, status, mediaType, body }: GivenReply): string | null {
  const described = operation === null ? undefined : SUBSET.operations[operation]?.responses[status];
  if (described === undefined && status < 400) return `${operation} is not described to answer ${status}`;
  if (body === null) return Object.keys(described ?? {}).length === 0 ? null : `${operation} is described to answer ${status} with a body`;
  const schema = described === undefined ? { $ref: '#/definitions/basic-error' } : described[mediaType];
  if (schema === undefined) return `${operation} is not described to answer ${status} as ${mediaType}`;
  const key = JSON.stringify([operation, version, status, mediaType]);
  const validate = compiled.get(key) ?? ajv.compile({ allOf: [schema], definitions: definitionsIn(version) });
  compiled.set(key, validate);
  return validate(body) === true ? null : ajv.errorsText(validate.errors, { dataVar: `${operation}, ${status}` });
}

/** Names of parameters that GitHub knows in the query of a call. */
export function queryOf(operation: OperationName): readonly string[] {
  return SUBSET.operations[operation]?.query ?? [];
}

/** A smallest object of that definition, with these members in the place of its own. */
export function sample(definition: string, version: ApiVersion, own: object): object {
  const definitions = definitionsIn(version);
  return { ...(sampleOf({ $ref: `#/definitions/${definition}` }, definitions, 0) as object), ...own };
}

type Definitions = Subset['definitions'];

function definitionsIn(version: ApiVersion): Definitions {
  return { ...SUBSET.definitions, ...SUBSET.changed[version] };
}

/** Definitions refer to each other; what is required does so a few times at most. */
const DEPTH_MAX = 12;

function sampleOf(schema: JsonObject, definitions: Definitions, depth: number): Json {
  const { $ref: ref, anyOf, oneOf, enum: values, type, format } = schema;
  if (depth > DEPTH_MAX) throw new Error('Cannot make a sample: its parts refer to each other without end, expected an end');
  if (typeof ref === 'string') return sampleOf(definitions[ref.slice('#/definitions/'.length)] ?? {}, definitions, depth + 1);
  const [first, ...others] = choices(anyOf ?? oneOf);
  if (first !== undefined) return others.some((each) => each['type'] === 'null') ? null : sampleOf(first, definitions, depth + 1);
  if (Array.isArray(type)) return null;
  if (Array.isArray(values)) return values[0] ?? null;
  if (type === 'string') return format === 'uri' ? 'https://github.localhost/' : format === 'date-time' ? '2026-11-01T00:00:00Z' : '';
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return false;
  if (type === 'array') return [];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {}, definitions, depth + 1)]));
}

function choices(list: Json | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? list : [];
}
