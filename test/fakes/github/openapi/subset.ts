import { API_VERSIONS, type ApiVersion } from './operations.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

/** What is kept of GitHub's description: JSON Schema, whose references point into `definitions`. */
export type Subset = {
  readonly from: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly definitions: Readonly<Record<string, JsonObject>>;
  /** Definitions that read otherwise in a later version of the API. */
  readonly changed: Readonly<Partial<Record<ApiVersion, Readonly<Record<string, JsonObject>>>>>;
};

export type Operation = {
  /** Names of the parameters in its query. */
  readonly query: readonly string[];
  /** By status, then by media type; `{}`: an answer without a body. */
  readonly responses: Readonly<Record<string, Readonly<Record<string, Json>>>>;
};

/** Operations are `METHOD /path/{template}`. */
export function extractSubset(description: JsonObject, from: string, operations: readonly string[]): Subset {
  const names = new Set<string>();
  const found = operations.map((name) => {
    const [method = '', path = ''] = name.split(' ');
    return [name, operationOf(description, objectAt(description, 'paths', path, method.toLowerCase()), names)] as const;
  });
  schemaOf({ $ref: '#/components/schemas/basic-error' }, names);
  const definitions: Record<string, JsonObject> = {};
  const changed: Partial<Record<ApiVersion, Record<string, JsonObject>>> = {};
  // The set grows while it is walked: by what each definition refers to.
  for (const name of names) {
    const raw = objectAt(description, 'components', 'schemas', name);
    definitions[name] = definitionOf(name, raw, names);
    for (const version of API_VERSIONS.slice(1)) {
      const changedRaw = inVersion(raw, version);
      if (changedRaw !== raw) changed[version] = { ...changed[version], [name]: definitionOf(name, changedRaw, names) };
    }
  }
  return { from, operations: Object.fromEntries(found), definitions: sorted(definitions), changed };
}

function operationOf(description: JsonObject, operation: JsonObject, names: Set<string>): Operation {
  const parameters = listOf(operation['parameters']).map((each) => dereferenced(description, each));
  const query = parameters.filter((parameter) => parameter['in'] === 'query').map(({ name }) => String(name));
  const responses = Object.entries(objectAt(operation, 'responses')).map(([status, response]) => {
    const content = dereferenced(description, response)['content'] ?? {};
    return [status, schemasOf(isObject(content) ? content : {}, names)] as const;
  });
  return { query, responses: Object.fromEntries(responses) };
}

/** By media type. Some are described by an example only. */
function schemasOf(content: JsonObject, names: Set<string>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(content).flatMap(([type, media]) =>
      isObject(media) && media['schema'] !== undefined ? [[type, schemaOf(media['schema'], names)]] : [],
    ),
  );
}

/** What GitHub says of errors is less than what it sends; of the rest, no member more is legal. */
function definitionOf(name: string, raw: JsonObject, names: Set<string>): JsonObject {
  const schema = schemaOf(raw, names, !/error/.test(name));
  if (!isObject(schema)) throw new Error(`Cannot extract ${name}: it is no schema, expected an object`);
  return schema;
}

/** Says nothing about which values are legal. */
const WORDS = new Set([
  'title',
  'description',
  'example',
  'examples',
  'externalDocs',
  'deprecated',
  'default',
  'discriminator',
  'nullable',
]);

/** JSON Schema of an OpenAPI 3.0 schema: `nullable` becomes a type, words go, what is referred to is noted. */
function schemaOf(node: Json, names: Set<string>, isClosed = true): Json {
  if (Array.isArray(node)) return node.map((each) => schemaOf(each, names, isClosed));
  if (!isObject(node)) return node;
  if (typeof node['$ref'] === 'string') {
    const name = node['$ref'].split('/').at(-1) ?? '';
    names.add(name);
    return orNull({ $ref: `#/definitions/${name}` }, node['nullable'] === true);
  }
  const kept = Object.entries(node).filter(([key]) => !WORDS.has(key) && !key.startsWith('x-'));
  const schema = Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === 'required' || key === 'enum' || key === 'format' || key === 'pattern') return [key, value];
      // The names in here are those of members, whatever they are.
      if (key === 'properties' && isObject(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, schemaOf(each, names, isClosed)]))];
      return [key, schemaOf(value, names, isClosed)];
    }),
  );
  const isOpen =
    !isClosed || schema['properties'] === undefined || ['allOf', 'anyOf', 'oneOf', 'additionalProperties'].some((key) => key in schema);
  return orNull(isOpen ? schema : { ...schema, additionalProperties: false }, node['nullable'] === true);
}

function orNull(schema: JsonObject, nullable: boolean): JsonObject {
  if (!nullable) return schema;
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
}

/** The schema with the changes of that version, which GitHub gives as patches (RFC 7396, or `remove` of RFC 6902). */
function inVersion(schema: JsonObject, version: ApiVersion): JsonObject {
  const changes = listOf(schema['x-github-breaking-changes']).filter((change) => isObject(change) && change['version'] === version);
  return changes.reduce<JsonObject>((before, change) => {
    const patch = isObject(change) ? change['patch'] : undefined;
    const after = Array.isArray(patch) ? patch.reduce<Json>(removed, before) : merged(before, patch ?? {});
    return withoutLostRequirements(isObject(after) ? after : before);
  }, schema);
}

function merged(before: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const kept = isObject(before) ? before : {};
  const names = [...new Set([...Object.keys(kept), ...Object.keys(patch)])].filter((name) => patch[name] !== null);
  return Object.fromEntries(names.map((name) => [name, name in patch ? merged(kept[name], patch[name] ?? null) : (kept[name] ?? null)]));
}

function removed(before: Json, step: Json): Json {
  if (!isObject(step) || step['op'] !== 'remove' || typeof step['path'] !== 'string')
    throw new Error(`Cannot change a schema: the step is ${JSON.stringify(step)}, expected to remove a path`);
  const [, ...path] = step['path'].split('/');
  const without = (node: Json, [name = '', ...rest]: readonly string[]): Json => {
    if (!isObject(node)) return node;
    const { [name]: child, ...others } = node;
    return rest.length === 0 || child === undefined ? others : { ...others, [name]: without(child, rest) };
  };
  return without(before, path);
}

/** Patches take away members, and leave them in the list of those that are required. */
function withoutLostRequirements(schema: JsonObject): JsonObject {
  const { required, properties } = schema;
  if (!Array.isArray(required) || !isObject(properties)) return schema;
  return { ...schema, required: required.filter((name) => typeof name === 'string' && name in properties) };
}

function dereferenced(description: JsonObject, node: Json): JsonObject {
  if (!isObject(node)) throw new Error('Cannot extract: a part is no object, expected one');
  return typeof node['$ref'] === 'string' ? objectAt(description, ...node['$ref'].split('/').slice(1)) : node;
}

function objectAt(node: JsonObject, ...path: readonly string[]): JsonObject {
  return path.reduce<JsonObject>((place, name) => {
    const next = place[name];
    if (!isObject(next)) throw new Error(`Cannot extract ${path.join(' ')}: there is no ${name}, expected an object`);
    return next;
  }, node);
}

function isObject(node: Json | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

function listOf(node: Json | undefined): readonly Json[] {
  return Array.isArray(node) ? node : [];
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
