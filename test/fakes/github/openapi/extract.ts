/**
 * `node test/fakes/github/openapi/extract.ts`: makes subset.json anew from GitHub's own description of its API, as the
 * package `@octokit/openapi` carries it. Only the answers that the simulator gives are kept, with all that they refer to.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from './routes.ts';

const PACKAGE = '@octokit/openapi@23.0.2';
const MEMBER = 'package/generated/api.github.com.json';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Node = { readonly [name: string]: Json };

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-openapi-'));
  try {
    execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder]);
    execFileSync('sh', ['-c', `tar -xzf *.tgz ${MEMBER}`], { cwd: folder });
    const description = JSON.parse(readFileSync(join(folder, MEMBER), 'utf8'));
    const subset = extract(description);
    writeFileSync(join(import.meta.dirname, 'subset.json'), `${JSON.stringify(subset)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function extract(description: Node): Node {
  const definitions: Record<string, Json> = {};
  const routes: Record<string, Json> = {};
  for (const path of Object.values(ROUTES)) {
    const content = at(description, 'paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema');
    routes[path] = collect(content, description, definitions);
  }
  collect({ $ref: '#/components/schemas/basic-error' }, description, definitions);
  return { from: PACKAGE, routes, definitions };
}

/** JSON Schema of an OpenAPI 3.0 schema: `nullable` becomes a type, examples go, what it refers to is collected. */
function collect(node: Json, description: Node, definitions: Record<string, Json>): Json {
  if (Array.isArray(node)) return node.map((each) => collect(each, description, definitions));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref: ref, nullable, example: _, examples: __, description: ___, externalDocs: ____, deprecated: _____, ...rest } = node as Node;
  if (typeof ref === 'string') {
    const name = ref.split('/').at(-1) ?? '';
    if (!(name in definitions)) {
      definitions[name] = {};
      definitions[name] = collect(at(description, 'components', 'schemas', name), description, definitions);
    }
    const pointer = { $ref: `#/definitions/${name}` };
    return nullable === true ? { anyOf: [pointer, { type: 'null' }] } : pointer;
  }
  const schema = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, collect(value, description, definitions)]));
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function at(node: Json, ...path: readonly string[]): Json {
  return path.reduce<Json>((place, name) => {
    const next = typeof place === 'object' && place !== null && !Array.isArray(place) ? (place as Node)[name] : undefined;
    if (next === undefined) throw new Error(`Cannot extract ${path.join(' ')}: there is no ${name}`);
    return next;
  }, node);
}

main();
