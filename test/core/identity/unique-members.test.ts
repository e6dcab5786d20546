import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasRepeatedMember } from '#core/identity/unique-members.ts';

const CASES: readonly (readonly [json: string, repeats: boolean])[] = [
  ['{}', false],
  ['{"a":1,"b":2}', false],
  ['{"a":1,"a":1}', true],
  ['{"a":1,"\\u0061":2}', true],
  ['{"a" : {"a":1}, "b" : {"a":1}}', false],
  ['{"a":[{"b":1},{"b":2}]}', false],
  ['{"a":[{"b":1,"c":{},"b":2}]}', true],
  ['{"a":"\\"a\\":1,","b":"{}[]:"}', false],
  ['{"a":{},"a":{}}', true],
  ['{"__proto__":1,"__proto__":2}', true],
  ['{"":1,"":2}', true],
  ['["a","a"]', false],
  ['"a"', false],
  ['{"a\\\\":1,"a":2}', false],
];

test('hasRepeatedMember() tells whether a member stands twice in one object', () => {
  for (const [json, repeats] of CASES) assert.equal(hasRepeatedMember(json), repeats, json);
});

test('hasRepeatedMember() finds none in what JSON.stringify writes, and one in what it is doubled in', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true }), (members) => {
      const json = JSON.stringify(members);
      const [name = ''] = Object.keys(members);
      assert.equal(hasRepeatedMember(json), false);
      assert.equal(hasRepeatedMember(`${json.slice(0, -1)},${JSON.stringify(name)}:null}`), true);
    }),
  );
});

test('hasRepeatedMember() takes a megabyte of one text, and of nesting, without harm', () => {
  const size = 1024 * 1024;
  assert.equal(hasRepeatedMember(JSON.stringify({ a: '\\"'.repeat(size / 2) })), false);
  assert.equal(hasRepeatedMember('['.repeat(size) + ']'.repeat(size)), false);
});
