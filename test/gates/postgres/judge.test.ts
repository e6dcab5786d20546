import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaskMethod } from '#core/policy/policy.ts';
import type { NameRef, StatementFacts } from '#core/sql/facts.ts';
import type { ResolvedNames, ResolvedRelation } from '#core/sql/resolve.ts';
import { judgeFacts, operationOf, type TargetMasks } from '#gates/postgres/judge.ts';
import { factsOf } from './facts.ts';

const columns = [
  { attnum: 1, name: 'id' },
  { attnum: 3, name: 'card' },
];
const CUSTOMERS: ResolvedRelation = {
  oid: 16_500,
  schema: 'shop',
  name: 'customers',
  kind: 'r',
  temporary: false,
  rules: false,
  userTriggers: false,
  columns,
};
const ORDERS: ResolvedRelation = { ...CUSTOMERS, oid: 16_501, name: 'orders' };
const NAMES: ResolvedNames = {
  relation: (ref) => [CUSTOMERS, ORDERS].find(({ name }) => name === ref.name) ?? 'missing',
  currentSchema: 'shop',
  shadowedFunctions: new Set(),
  shadowedOperators: new Set(),
};
const CARD = new Map<number, MaskMethod>([[3, 'partial']]);
const MASKS: TargetMasks = {
  generation: 3,
  masksColumns: true,
  columnsOf: (relation) => (relation.oid === CUSTOMERS.oid ? CARD : new Map()),
};

const ref = (name: string): NameRef => ({ schema: null, name });
const using = (name: string, some: Partial<StatementFacts> = {}, effect: 'read' | 'insert' = 'read') =>
  factsOf({ relations: [{ effect, relation: ref(name) }], ...some });
const elsewhere = (...names: readonly string[]) => ({ columns: { elsewhere: new Set(names), everyColumnElsewhere: false } });
const judge = (...involved: readonly StatementFacts[]) => judgeFacts(involved, NAMES, MASKS, 7);

test('judgeFacts() gives the pairs of all that is involved, for its epoch and its generation of masks', () => {
  const judged = judge(using('orders'), using('customers', {}, 'insert'));
  assert.equal(judged.epoch, 7);
  assert.equal(judged.generation, 3);
  assert.deepEqual(judged.pairs, [
    { effect: 'read', object: { kind: 'relation', path: ['shop', 'orders'] } },
    { effect: 'insert', object: { kind: 'relation', path: ['shop', 'customers'] } },
  ]);
});

test('judgeFacts() looks at nothing but pairs where the target has no column masks', () => {
  const facts = using('customers', elsewhere('card'));
  const judged = judgeFacts([facts], NAMES, { ...MASKS, masksColumns: false }, 1);
  assert.equal(judged.pairs.length, 1);
  assert.deepEqual(
    { ...judged, pairs: [] },
    { epoch: 1, generation: 3, pairs: [], statements: 1, objection: null, resolved: [], showsMasked: false, hidesLiterals: false },
  );
});

const CASES: readonly (readonly [what: string, involved: readonly StatementFacts[], shows: boolean, hides: boolean, objects: boolean])[] = [
  ['names no relation', [factsOf({})], false, false, false],
  ['reads a relation without masked columns', [using('orders', elsewhere('card'))], false, false, false],
  ['shows a masked column as it is', [using('customers')], true, false, false],
  ['computes with another column', [using('customers', elsewhere('id', 'name'))], true, false, false],
  ['computes with a masked column (W-sql-8)', [using('customers', elsewhere('card'))], true, true, true],
  [
    'may compute with any column',
    [using('customers', { columns: { elsewhere: new Set(), everyColumnElsewhere: true } })],
    true,
    true,
    true,
  ],
  [
    'may compute with any column of what is not masked',
    [using('orders', { columns: { elsewhere: new Set(), everyColumnElsewhere: true } })],
    false,
    false,
    false,
  ],
  ['writes a relation with masked columns', [using('customers', {}, 'insert')], true, true, false],
  ['writes a relation without', [using('orders', {}, 'insert')], false, false, false],
  ['names what does not exist, perhaps by a slip', [using('custmers')], false, true, false],
  ['runs a statement that computes with a masked column', [factsOf({}), using('customers', elsewhere('card'))], true, true, true],
  ['shows a masked column and runs a statement that does not', [using('customers'), using('orders')], true, false, false],
];

for (const [what, involved, shows, hides, objects] of CASES) {
  test(`judgeFacts() ${objects ? 'objects to' : 'takes'} a statement that ${what} (P7)`, () => {
    const judged = judge(...involved);
    assert.equal(judged.showsMasked, shows);
    assert.equal(judged.hidesLiterals, hides);
    assert.equal(judged.objection !== null, objects);
  });
}

test('judgeFacts() says which column stands in the way, and what to do instead', () => {
  const { objection } = judge(using('customers', elsewhere('card')));
  assert.match(objection?.why ?? '', /shop\.customers\.card is masked/);
  assert.match(objection?.remedy ?? '', /plain columns/);
});

test('judgeFacts() gives every resolved relation once with its masks, an unmasked one with none', () => {
  const judged = judge(using('customers'), using('orders'), using('customers'), using('missing'));
  assert.deepEqual(judged.resolved, [
    { oid: CUSTOMERS.oid, columns: CARD },
    { oid: ORDERS.oid, columns: new Map() },
  ]);
});

test('operationOf() puts together what the policy decides', () => {
  const judged = judge(using('orders'));
  assert.deepEqual(operationOf({ target: 'orders-db', database: 'shop' }, judged, 'SELECT $1', ['x', null]), {
    target: 'orders-db',
    protocol: 'postgres',
    database: 'shop',
    pairs: judged.pairs,
    statements: 1,
    statement: 'SELECT $1',
    parameters: ['x', null],
  });
});
