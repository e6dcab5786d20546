import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NestedRequest, readNestedRequest } from '#core/nested/request.ts';

const GOOD: NestedRequest = {
  duty: 'reader',
  agent: null,
  argv: ['psql', '-c', 'SELECT 1'],
  cwd: '/srv/job',
  environment: 'QT1iAA==',
  terminal: null,
};
const read = (value: unknown) => readNestedRequest(Buffer.from(JSON.stringify(value)));

test('readNestedRequest() takes what a client sends', () => {
  assert.deepEqual(read(GOOD), GOOD);
  assert.deepEqual(read({ ...GOOD, terminal: { columns: 80, rows: 24 } })?.terminal, { columns: 80, rows: 24 });
});

test('readNestedRequest() takes nothing else', () => {
  const bad: object[] = [
    {},
    [],
    { ...GOOD, more: true },
    { ...GOOD, duty: '' },
    { ...GOOD, argv: [] },
    { ...GOOD, argv: ['a\0b'] },
    { ...GOOD, argv: Array(4097).fill('x') },
    { ...GOOD, cwd: 'relative' },
    { ...GOOD, cwd: '/a\0b' },
    { ...GOOD, environment: '*' },
    { ...GOOD, terminal: { columns: 0, rows: 1 } },
    { ...GOOD, terminal: { columns: 1, rows: 65_536 } },
  ];
  for (const value of bad) assert.equal(read(value), null, JSON.stringify(value).slice(0, 100));
  for (const bytes of [Buffer.alloc(0), Buffer.from('{'), Buffer.from([0xff])]) assert.equal(readNestedRequest(bytes), null);
});
