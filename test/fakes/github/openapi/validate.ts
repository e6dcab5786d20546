import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { ROUTES, type RouteName } from './routes.ts';

type Schema = { readonly [name: string]: unknown };
const subset: { readonly routes: Record<string, Schema>; readonly definitions: Record<string, Schema> } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'subset.json'), 'utf8'),
);
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with an answer, by GitHub's own description of it; null when nothing is. */
export function replyFault(route: RouteName | 'error', body: unknown): string | null {
  const schema = route === 'error' ? { $ref: '#/definitions/basic-error' } : (subset.routes[ROUTES[route]] ?? {});
  const validate = compiled.get(route) ?? ajv.compile({ ...schema, definitions: subset.definitions });
  compiled.set(route, validate);
  return validate(body) === true ? null : ajv.errorsText(validate.errors, { dataVar: route });
}

/** A smallest answer of that shape, with these members in the place of its own. */
export function sample(route: RouteName, own: object): object {
  return { ...(sampleOf(subset.routes[ROUTES[route]] ?? {}, 0) as object), ...own };
}

const DEPTH_MAX = 12;

function sampleOf(schema: Schema, depth: number): unknown {
  if (depth > DEPTH_MAX) return null;
  const { $ref: ref, anyOf, oneOf, allOf, enum: values, type, properties = {}, required = [] } = schema as SchemaParts;
  if (ref !== undefined) return sampleOf(subset.definitions[ref.split('/').at(-1) ?? ''] ?? {}, depth + 1);
  const either = anyOf ?? oneOf;
  if (either !== undefined) return either.some((each) => each['type'] === 'null') ? null : sampleOf(either[0] ?? {}, depth + 1);
  if (allOf !== undefined) return Object.assign({}, ...allOf.map((each) => sampleOf(each, depth + 1)));
  if (values !== undefined) return values[0];
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'null':
      return null;
    default:
      return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {}, depth + 1)]));
  }
}

type SchemaParts = {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
};
