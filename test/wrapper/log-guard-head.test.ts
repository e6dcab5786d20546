import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cleanHead } from '#wrapper/log-guard-head.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('cleanHead()', () => {
  for (const [name, input, kind, expected] of [
    ['nothing', '', 'short', ''],
    ['two bytes', '61 62', 'short', '61 62'],
    ['three bytes', '61 62 63', 'whole', '61 62 63'],
    ["UTF-8's mark", 'ef bb bf 61 62 63', 'whole', '61 62 63'],
    ["UTF-8's mark alone", 'ef bb bf', 'short', ''],
    ["UTF-8's mark again and again", 'ef bb bf ef bb bf ef bb bf 61', 'short', '61'],
    ["a part of UTF-8's mark", 'ef bb', 'short', 'ef bb'],
    ["UTF-16's mark, little end first", 'ff fe 61 00', 'whole', 'efbfbd efbfbd 61 00'],
    ["UTF-16's mark, big end first", 'fe ff 00 61', 'whole', 'efbfbd efbfbd 00 61'],
    ["UTF-16's mark alone", 'ff fe', 'short', 'ff fe'],
    ["UTF-16's mark behind a byte", '61 ff fe', 'whole', '61 efbfbd efbfbd'],
    ["UTF-16's mark behind UTF-8's", 'ef bb bf ff fe 61', 'whole', 'efbfbd efbfbd 61'],
    ["UTF-32's mark, big end first", '00 00 fe ff 61', 'whole', '00 00 efbfbd ff 61'],
    ["UTF-32's mark, little end first", 'ff fe 00 00', 'whole', 'efbfbd efbfbd 00 00'],
  ] as const) {
    test(`takes the mark off ${name}`, () => {
      const head = cleanHead(hex(input), false);
      assert.deepEqual([head.kind, head.bytes.toString('hex')], [kind, expected.replaceAll(' ', '')]);
    });
  }

  test('takes it off what ends there', () => {
    assert.equal(cleanHead(hex('ff fe'), true).bytes.toString('hex'), 'efbfbdefbfbd');
    assert.equal(cleanHead(hex('61'), true).bytes.toString('hex'), '61');
  });

  test('hands on the very bytes when there is no mark', () => {
    const bytes = Buffer.from('text');
    assert.equal(cleanHead(bytes, false).bytes, bytes);
  });
});
