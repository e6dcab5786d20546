import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CANONICAL_DEPTH_MAX, canonicalJson, canonicalString, isCanonicalJson, NotCanonicalizable } from '#core/audit/canonical-json.ts';

/** RFC 8785 Appendix B: IEEE 754 bits and the text they must give. */
const NUMBERS: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

test('canonicalJson() writes numbers as RFC 8785 Appendix B does', () => {
  for (const [bits, text] of NUMBERS) assert.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE()), text, bits);
});

test('canonicalJson() sorts and escapes as the examples of RFC 8785 3.2 do', () => {
  const input = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  );
  assert.equal(
    canonicalJson(input),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
  const keys = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji',
    '\u0080': 'Control',
    '\u00f6': 'o diaeresis',
  };
  const order = Object.values(
    JSON.parse(canonicalJson(Object.fromEntries(Object.entries(keys).map(([key, value]) => [`k${key}`, value])))),
  );
  assert.deepEqual(order, ['Carriage Return', 'One', 'Control', 'o diaeresis', 'Euro Sign', 'Emoji', 'Hebrew Letter Dalet With Dagesh']);
});

test('canonicalJson() refuses what JSON has no exact form for', () => {
  let deep: unknown = 0;
  for (let depth = 0; depth <= CANONICAL_DEPTH_MAX; depth += 1) deep = [deep];
  for (const value of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '\ud800',
    'a\udc00b',
    { '\ud800': 1 },
    undefined,
    { a: undefined },
    1n,
    () => 1,
    Symbol('s'),
    deep,
  ]) {
    assert.throws(() => canonicalJson(value), NotCanonicalizable);
  }
  assert.throws(() => canonicalString('\udfff'), NotCanonicalizable);
});

test('isCanonicalJson() takes only the one spelling', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['{"a":1,"b":[true,null,"x"]}', true],
    ['{"10":1,"9":2}', true],
    ['{"9":2,"10":1}', false],
    ['{"b":1,"a":1}', false],
    ['{"a":1,"a":1}', false],
    ['{"a": 1}', false],
    ['{"a":1.0}', false],
    ['{"a":1e2}', false],
    ['-0', false],
    ['"\\u0041"', false],
    ['"\\/"', false],
    ['"\\u000A"', false],
    ['"\\ud800"', false],
    ['{"__proto__":1}', true],
    ['{"a":1.5}', false],
    ['{"10":1.5,"9":[0.25]}', false],
    ['{"a":-9007199254740991}', true],
    ['{"a":9007199254740993}', false],
    ['[1e+21]', false],
    [' 1', false],
    ['1e999', false],
  ];
  for (const [text, expected] of cases) assert.equal(isCanonicalJson(text, JSON.parse(text)), expected, text);
});

test('isCanonicalJson() survives absurd nesting', () => {
  const text = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  let value: unknown = [];
  for (let depth = 1; depth < 1_000_000; depth += 1) value = [value];
  assert.equal(isCanonicalJson(text, value), false);
});

test('canonicalJson() gives one text for a value whatever the order of its members, and reads back as that value', () => {
  const value = fc.jsonValue({ noUnicodeString: false, maxDepth: 5 });
  fc.assert(
    fc.property(value, (json) => {
      const text = canonicalJson(json);
      assert.equal(canonicalJson(JSON.parse(text)), text);
      assert.equal(isCanonicalJson(text, JSON.parse(text)), hasOnlyIntegers(json));
      assert.equal(canonicalJson(reversed(json)), text);
    }),
    { numRuns: 300, verbose: 1 },
  );
});

function hasOnlyIntegers(value: unknown): boolean {
  let only = true;
  JSON.stringify(value, (_, each: unknown) => {
    only &&= typeof each !== 'number' || Number.isSafeInteger(each);
    return each;
  });
  return only;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
