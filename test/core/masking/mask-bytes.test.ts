import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskDetectedField, maskField } from '#core/masking/mask-bytes.ts';
import type { MaskMethod } from '#core/policy/policy.ts';

const KEY = Buffer.alloc(32, 1);
const CARD = '4111111111111111';

const FIELDS: readonly (readonly [method: MaskMethod, typeOid: number, masked: string | null])[] = [
  ['redact', 25, '***'],
  ['redact', 1043, '***'],
  ['redact', 1042, '***'],
  ['redact', 19, '***'],
  ['redact', 705, '***'],
  ['redact', 142, '***'],
  ['partial', 25, '***1111'],
  ['fixed', 25, 'masked'],
  ['null', 25, null],
  ['redact', 18, '*'],
  ['null', 18, null],
  ['redact', 23, null],
  ['partial', 1700, null],
  ['hash', 17, null],
  ['redact', 3802, null],
  ['redact', 1009, null],
  ['redact', 99_999, null],
];

test('maskField() masks texts in both formats, and makes every other type NULL', () => {
  for (const [method, typeOid, masked] of FIELDS) {
    for (const format of [0, 1]) {
      assert.equal(
        maskField(method, typeOid, format, Buffer.from(CARD), KEY)?.toString() ?? null,
        masked,
        `${method} ${typeOid} ${format}`,
      );
    }
  }
});

test('maskField() masks bytes that are no UTF-8', () => {
  assert.equal(maskField('partial', 25, 0, Buffer.from([0xff, 0xfe, 0x80, 0x81]), KEY)?.toString(), '****');
});

const MASKS = [{ detector: 'credit-card', method: 'redact' }] as const;

const DETECTED: readonly (readonly [typeOid: number, format: number, value: string, shown: string | null])[] = [
  [25, 0, `card ${CARD}`, 'card ***'],
  [25, 1, `card ${CARD}`, 'card ***'],
  [114, 1, `{"card":"${CARD}"}`, '{"card":"***"}'],
  [3802, 1, `\u0001{"card":"${CARD}"}`, '\u0001{"card":"***"}'],
  [1009, 0, `{${CARD},x}`, '{***,x}'],
  [1009, 1, `\0\0\0\u0001${CARD}`, null],
  [99_999, 0, CARD, '***'],
  [20, 0, CARD, null],
  [1700, 0, CARD, null],
  [2950, 0, '41111111-1111-1111-1111-111111111111', '41111111-1111-1111-1111-111111111111'],
];

test('maskDetectedField() masks in place where the type lets it, else gives NULL', () => {
  for (const [typeOid, format, value, shown] of DETECTED) {
    assert.equal(maskDetectedField(typeOid, format, Buffer.from(value), MASKS, KEY)?.toString() ?? null, shown, `${typeOid} ${format}`);
  }
});

test('maskDetectedField() gives back the same Buffer where nothing is found', () => {
  for (const value of ['', 'abc', 'nothing to see here 12345']) {
    const bytes = Buffer.from(value);
    assert.equal(maskDetectedField(25, 0, bytes, MASKS, KEY), bytes);
  }
});
