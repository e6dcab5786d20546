import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPasswords, findPrivateKeys } from '#core/masking/detect-secrets.ts';

const PASSWORDS: readonly (readonly [text: string, values: readonly string[]])[] = [
  ['password=hunter2', ['hunter2']],
  ['PGPASSWORD=hunter2 psql', ['hunter2']],
  ['pwd: hunter2, user: x', ['hunter2']],
  ['passwd => Extra', ['Extra']],
  ['--password=hunter2', ['hunter2']],
  ['{"password": "hun ter2", "x": 1}', ['hun ter2']],
  ['{\\"password\\": \\"hunter2\\"}', ['hunter2']],
  ["ALTER ROLE bob PASSWORD 'it''s'", ["it''s"]],
  ["ALTER ROLE bob PASSWORD E'a\\'b'", ["a\\'b"]],
  ['ALTER ROLE bob PASSWORD $$hunter2$$', ['$$hunter2$$']],
  ["host=db password='hunter2' user=x", ['hunter2']],
  ['password="never closed', ['never closed']],
  ['postgres://app:hunter2@db/x', ['hunter2']],
  ['https://a:b@c@d.e/', ['b@c']],
  ['https://example.com:443/a@b', []],
  ['https://user@example.com', []],
  ['"password":""', []],
  ['the password is wrong', []],
  ['SELECT password FROM users', []],
  ['ALTER ROLE bob PASSWORD NULL', []],
];

test('findPasswords() finds the value alone', () => {
  for (const [text, values] of PASSWORDS) {
    assert.deepEqual(
      findPasswords(text).map(([start, end]) => text.slice(start, end)),
      values,
      text,
    );
  }
});

const KEY = '-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----';

const KEYS: readonly (readonly [text: string, keys: readonly string[]])[] = [
  [`a\n${KEY}\nb`, [KEY]],
  [`${KEY}\n${KEY}`, [KEY, KEY]],
  [KEY.replaceAll('PRIVATE', 'OPENSSH PRIVATE'), [KEY.replaceAll('PRIVATE', 'OPENSSH PRIVATE')]],
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nx', ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nx']],
  ['-----BEGIN EC PRIVATE KEY-----\ncut sho', ['-----BEGIN EC PRIVATE KEY-----\ncut sho']],
  ['-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----', []],
  ['-----BEGIN PUBLIC KEY-----', []],
];

test('findPrivateKeys() finds keys from header to footer, or to the end of a text cut short', () => {
  for (const [text, keys] of KEYS) {
    assert.deepEqual(
      findPrivateKeys(text).map(([start, end]) => text.slice(start, end)),
      keys,
      text,
    );
  }
});
