import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findCards } from '#core/masking/detect-card.ts';

function found(text: string): readonly string[] {
  return findCards(text).map(([start, end]) => text.slice(start, end));
}

/** Test numbers that card schemes and payment processors publish. */
const CARDS = [
  '4111111111111111',
  '5555555555554444',
  '378282246310005',
  '6011000990139424',
  '3530111333300000',
  '4222222222222',
  '6304000000000000000',
];

test('findCards() finds numbers plain, grouped by spaces and grouped by dashes', () => {
  for (const card of CARDS) {
    assert.deepEqual(found(`x ${card}.`), [card]);
    const spaced = card.replace(/(.{4})(?=.)/g, '$1 ');
    assert.deepEqual(found(`(${spaced})`), [spaced]);
    const dashed = card.replace(/(.{4})(?=.)/g, '$1-');
    assert.deepEqual(found(`"${dashed}"`), [dashed]);
  }
});

const TEXTS: readonly (readonly [text: string, cards: readonly string[]])[] = [
  ['4111111111111112', []],
  ['0000000000000000', []],
  ['411111111111', []],
  ['94111111111111111', []],
  ['41111111111111110000', []],
  ['4111  1111  1111  1111', []],
  ['4111111111111111 43', ['4111111111111111']],
  ['43 4111111111111111', ['4111111111111111']],
  ['4111111111111111 5555555555554444', ['4111111111111111', '5555555555554444']],
  ['1004 4111 1111 1111 1111', ['1004 4111 1111 1111', '4111 1111 1111 1111']],
  ['id4111111111111111x', ['4111111111111111']],
  ['2024-01-15 10:30:00', []],
];

test('findCards() begins and ends where groups of digits do', () => {
  for (const [text, cards] of TEXTS) assert.deepEqual(found(text), cards, text);
});

test('findCards() finds a card whatever stands beside it, parted by anything but a digit', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom(...CARDS), (before, after, card) => {
      assert.ok(found(`${before}, ${card}, ${after}`).some((text) => text.includes(card)));
    }),
  );
});
