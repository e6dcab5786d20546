import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { parseJson } from '#control/body.ts';

const Schema = z.strictObject({ a: z.int() });

test('parseJson() reads one object of the shape asked for', () => {
  assert.deepEqual(parseJson(Buffer.from(' {"a": 1}\n'), Schema), { a: 1 });
});

const WRONG: readonly { name: string; bytes: Buffer; where?: RegExp }[] = [
  { name: 'nothing', bytes: Buffer.alloc(0) },
  { name: 'no UTF-8', bytes: Buffer.from([0x7b, 0xff, 0x7d]) },
  { name: 'two objects', bytes: Buffer.from('{"a":1}{"a":1}') },
  { name: 'an unknown key', bytes: Buffer.from('{"a":1,"hunter2":1}'), where: /the whole \(unrecognized_keys\)/ },
  { name: 'a wrong value', bytes: Buffer.from('{"a":"hunter2"}'), where: /at a \(invalid_type\)/ },
  { name: 'a prototype', bytes: Buffer.from('{"a":1,"__proto__":{"a":1}}') },
];

for (const { name, bytes, where = /./ } of WRONG) {
  test(`parseJson() refuses ${name}, and repeats none of it`, () => {
    assert.throws(
      () => parseJson(bytes, Schema),
      (error: Error) => where.test(error.message) && !error.message.includes('hunter2') && 'code' in error && error.code === 'malformed',
    );
  });
}
