import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractSubset, type JsonObject } from './subset.ts';

const OPERATION = 'GET /things/{name}';

/** A description with one operation, whose answer is a `thing`. */
function describing(thing: JsonObject, more: JsonObject = {}): JsonObject {
  const answer = { content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } }, 'text/x': { example: 1 } } };
  return {
    paths: {
      '/things/{name}': {
        get: {
          parameters: [{ $ref: '#/components/parameters/page' }, { name: 'name', in: 'path' }, { name: 'q', in: 'query' }],
          responses: { 200: answer, 204: { description: 'nothing' }, 404: { $ref: '#/components/responses/missing' } },
        },
      },
    },
    components: {
      schemas: { thing, 'basic-error': { type: 'object', properties: { message: { type: 'string' } } }, unused: {}, ...more },
      parameters: { page: { name: 'page', in: 'query' } },
      responses: { missing: { content: { 'application/json': { schema: { $ref: '#/components/schemas/basic-error' } } } } },
    },
  };
}

const thingOf = (thing: JsonObject, more: JsonObject = {}) => extractSubset(describing(thing, more), 'test', [OPERATION]);

test('extractSubset() keeps the query and the answers of an operation, and what they refer to', () => {
  const { operations, definitions } = thingOf(
    { type: 'object', properties: { part: { $ref: '#/components/schemas/part' } } },
    { part: { type: 'string' } },
  );
  const error = { 'application/json': { $ref: '#/definitions/basic-error' } };
  assert.deepEqual(operations, {
    [OPERATION]: { query: ['page', 'q'], responses: { 200: { 'application/json': { $ref: '#/definitions/thing' } }, 204: {}, 404: error } },
  });
  assert.deepEqual(Object.keys(definitions), ['basic-error', 'part', 'thing']);
});

const CASES: readonly (readonly [name: string, from: JsonObject, to: JsonObject])[] = [
  ['nullable to a type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  ['a nullable choice', { type: 'string', enum: ['a'], nullable: true }, { type: ['string', 'null'], enum: ['a', null] }],
  [
    'a nullable reference',
    { type: 'array', items: { $ref: '#/components/schemas/basic-error', nullable: true } },
    { type: 'array', items: { anyOf: [{ $ref: '#/definitions/basic-error' }, { type: 'null' }] } },
  ],
  ['words to nothing', { type: 'string', title: 'T', description: 'D', example: 'E', 'x-y': 1, default: '' }, { type: 'string' }],
  [
    'members, whatever their names are, to just those',
    { type: 'object', properties: { description: { type: 'string', description: 'D' }, title: {} }, required: ['title'] },
    { type: 'object', properties: { description: { type: 'string' }, title: {} }, required: ['title'], additionalProperties: false },
  ],
  [
    'parts of a whole to parts that may have more',
    { allOf: [{ type: 'string' }], properties: { a: {} } },
    { allOf: [{ type: 'string' }], properties: { a: {} } },
  ],
];
for (const [name, from, to] of CASES) {
  test(`extractSubset() turns ${name}`, () => assert.deepEqual(thingOf(from).definitions['thing'], to));
}

test('extractSubset() leaves errors open', () => {
  assert.ok(!('additionalProperties' in (thingOf({}).definitions['basic-error'] ?? {})));
});

const OBJECT = { type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a', 'b'] } as const;
for (const [name, patch] of [
  ['a merge patch', { properties: { b: null, a: { type: 'integer' } } }],
  ['a list of removals', [{ op: 'remove', path: '/properties/b' }]],
] as const) {
  test(`extractSubset() applies ${name} of a later version, and requires no more what is gone`, () => {
    const change = { version: '2026-03-10', changeset: 'x', patch };
    const { definitions, changed } = thingOf({ ...OBJECT, 'x-github-breaking-changes': [change] });
    const type = name === 'a merge patch' ? 'integer' : 'string';
    assert.deepEqual(changed, {
      '2026-03-10': { thing: { type: 'object', properties: { a: { type } }, required: ['a'], additionalProperties: false } },
    });
    assert.deepEqual(definitions['thing']?.['required'], ['a', 'b']);
  });
}

test('extractSubset() ends where definitions refer to each other', () => {
  const loop = { type: 'array', items: { $ref: '#/components/schemas/thing' } };
  assert.deepEqual(thingOf(loop).definitions['thing'], { type: 'array', items: { $ref: '#/definitions/thing' } });
});

test('extractSubset() says what a description does not have', () => {
  assert.throws(() => extractSubset(describing({}), 'test', ['GET /nothing']), /Cannot extract paths \/nothing get: there is no \/nothing/);
  const change = { version: '2026-03-10', patch: [{ op: 'add', path: '/x' }] };
  assert.throws(() => thingOf({ ...OBJECT, 'x-github-breaking-changes': [change] }), /expected to remove a path/);
});
