import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findIbans } from '#core/masking/detect-iban.ts';

function found(text: string): readonly string[] {
  return findIbans(text).map(([start, end]) => text.slice(start, end));
}

/** Examples of the IBAN registry (ISO 13616). */
const IBANS = [
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'FR1420041010050500013M02606',
  'NO9386011117947',
  'MT84MALT011000012345MTLCAST001S',
  'SC18SSCB11010000000000001497USD',
];

test('findIbans() finds numbers plain, in groups, and in lower case', () => {
  for (const iban of IBANS) {
    assert.deepEqual(found(`to ${iban}.`), [iban]);
    const spaced = iban.replace(/(.{4})(?=.)/g, '$1 ');
    assert.deepEqual(found(`(${spaced})`), [spaced]);
    assert.deepEqual(found(iban.toLowerCase()), [iban.toLowerCase()]);
  }
});

test('findIbans() ends before the words that follow', () => {
  assert.deepEqual(found('DE89 3704 0044 0532 0130 00 was paid'), ['DE89 3704 0044 0532 0130 00']);
});

test('findIbans() passes over wrong check digits, other lengths and parts of longer words', () => {
  for (const text of [
    'DE88370400440532013000',
    'DE8937040044',
    'xDE89370400440532013000',
    'DE89370400440532013000x',
    'DE89  3704 0044 0532 0130 00',
    'DE89',
  ]) {
    assert.deepEqual(found(text), [], text);
  }
});
