import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskText } from '#core/masking/mask-value.ts';

const KEY = Buffer.alloc(32, 1);

const CASES: readonly (readonly [method: 'redact' | 'partial' | 'null' | 'fixed', value: string, masked: string | null])[] = [
  ['redact', 'anything', '***'],
  ['redact', '', '***'],
  ['fixed', 'anything', 'masked'],
  ['null', 'anything', null],
  ['partial', '4111111111111111', '***1111'],
  ['partial', 'ann@example.com', '***com'],
  ['partial', '12345678', '***78'],
  ['partial', '1234', '***4'],
  ['partial', '123', '***'],
  ['partial', '', '***'],
  ['partial', '😀😀😀😀', '****'],
  ['partial', 'xxxxxxxxxxxxxxx\u202e', '***xxx*'],
];

test('maskText() masks by each method', () => {
  for (const [method, value, masked] of CASES) assert.equal(maskText(method, value, KEY), masked, `${method} ${value}`);
});

test('maskText() keeps, partially, at most four characters and a quarter of the value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
      const kept = maskText('partial', value, KEY)?.length ?? 0;
      assert.ok(kept - 3 <= Math.min(4, Array.from(value).length / 4));
    }),
  );
});

test('maskText() hashes equal values alike under one key, and otherwise under another', () => {
  const masked = maskText('hash', 'ann@example.com', KEY);
  assert.match(masked ?? '', /^hash:[0-9a-f]{16}$/);
  assert.equal(maskText('hash', 'ann@example.com', KEY), masked);
  assert.notEqual(maskText('hash', 'bob@example.com', KEY), masked);
  assert.notEqual(maskText('hash', 'ann@example.com', Buffer.alloc(32, 2)), masked);
});
