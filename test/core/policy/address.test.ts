import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHostName, parseAddress } from '#core/policy/address.ts';

const ADDRESSES: readonly (readonly [text: string, host: string | null, port?: number])[] = [
  ['db.internal', 'db.internal', 5432],
  ['DB.Internal:6000', 'db.internal', 6000],
  ['127.0.0.1:1', '127.0.0.1', 1],
  ['[::1]:5433', '::1', 5433],
  ['[2001:DB8::1]', '2001:db8::1', 5432],
  ['my_db:5432', 'my_db', 5432],
  ['', null],
  [':5432', null],
  ['db:0', null],
  ['db:65536', null],
  ['db:', null],
  ['::1', null],
  ['[::1', null],
  ['[:::]', null],
  ['[1.2.3.4]', null],
  ['256.1.1.1', null],
  ['1.2.3', null],
  ['1.2.3.4.5', null],
  ['web-*.internal', null],
  ['user:pass@db', null],
  ['db/x', null],
  ['/var/run/postgresql', null],
  ['db.', null],
  ['-db', null],
  [`${'a'.repeat(64)}.x`, null],
  ['db\n', null],
];

test('parseAddress() reads host and port, and gives null for anything else', () => {
  for (const [text, host, port] of ADDRESSES) {
    assert.deepEqual(parseAddress(text), host === null ? null : { host, port }, JSON.stringify(text));
  }
});

test('parseAddress() never throws', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab1:.[]-_@/* '), maxLength: 30 }), (text) => void parseAddress(text)));
});

test('isHostName() takes lower case alone, so that one name has one form', () => {
  assert.equal(isHostName('orders-db.internal'), true);
  assert.equal(isHostName('Orders.internal'), false);
  assert.equal(isHostName('a'.repeat(254)), false);
});
