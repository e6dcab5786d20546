import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { beginsLikeness, Likeness } from '#wrapper/log-guard-likeness.ts';

/** How often a likeness is completed. */
function count(text: string | Uint8Array): number {
  const likeness = new Likeness();
  return [...Buffer.from(text)].filter((byte) => likeness.isCompletedBy(byte)).length;
}

describe('Likeness', () => {
  for (const [name, text] of [
    ['a line of ours', 'duty-gate: checkpoint'],
    ['another line of ours', 'duty-gate: 3 allowed'],
    ['it in capitals', 'DUTY-Gate: x'],
    ['it within a line', '2026-01-01T00:00:00Z duty-gate: x'],
    ['it behind its own beginning', 'dduty-gduty-gate: x'],
    ['it behind an indent, with a tab', '\tduty-gate:\tx'],
    ['it with a blank of another width', 'duty-gate:\u00a0x'],
    ['it with a wide blank', 'duty-gate:\u3000x'],
    ['it with colours', '\x1b[1md\x1b[31mu\x1b[0mty-gate\x1b[38;5;1m:\x1b[m x'],
    ['it with a title within', 'duty\x1b]0;some title\x07-gate: x'],
    ['it with a link within', 'duty-\x1b]8;;https://a.test\x1b\\gate: x'],
    ['it with a character set chosen within', 'duty\x1b(B-gate: x'],
    ['it with an 8-bit sequence within', 'du\u009b31mty-gate: x'],
    ['it with characters without width', 'd\u200bu\u200dt\u2060y\ufeff-\u00adgate:\u{e0020} x'],
    ['it with control characters', 'd\0u\bty-gate\x7f: x'],
    ['a checkpoint', 'dgc1.s.1'],
    ['a checkpoint behind its beginning', 'dgdgc1.s.1'],
  ] as const) {
    test(`sees ${name}`, () => assert.equal(count(text), 1));
  }

  for (const [name, text] of [
    ['another name', 'duty-gatekeeper: x'],
    ['a tag of an image', 'ghcr.io/acme/duty-gate:v1 dutygate: x'],
    ['a name without a colon', 'duty-gate checkpoint'],
    ['a name over two lines', 'duty-\ngate: x duty-\rgate: x'],
    ['a name with nothing behind', 'duty-gate:\n'],
    ['a name with something to see within', 'duty-\u00e9gate: x du ty-gate: x'],
    ['broken UTF-8 within', Buffer.from([...Buffer.from('duty'), 0xe2, 0x80, ...Buffer.from('-gate: x')])],
    ['no UTF-8 within', Buffer.from([...Buffer.from('duty'), 0xff, ...Buffer.from('-gate: x')])],
    ['a checkpoint in capitals', 'DGC1.s'],
    ['a checkpoint with more within', 'dgc1\x1b[m.s'],
  ] as const) {
    test(`does not take ${name} for ours`, () => assert.equal(count(text), 0));
  }

  test('swallows a sequence of any length and is idle again behind the line', () => {
    const likeness = new Likeness();
    const text = Buffer.from(`duty\x1b]0;${'x'.repeat(100_000)}`);
    for (const byte of text) likeness.isCompletedBy(byte);
    assert.equal(likeness.isIdle, false);
    likeness.isCompletedBy(0x0a);
    assert.equal(likeness.isIdle, true);
  });
});

test('beginsLikeness() is true of every pair of bytes that can begin one', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    for (let next = 0; next < 256; next += 1) {
      const likeness = new Likeness();
      likeness.isCompletedBy(byte);
      if (likeness.isIdle) continue;
      likeness.isCompletedBy(next);
      const isDone = likeness.isIdle || (next | 0x20) === 0x64;
      assert.ok(isDone || beginsLikeness(byte, next), `${byte} ${next}`);
    }
  }
});
