import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isWhiteSpace, LINE_START, nextPlace, type Place } from '#wrapper/log-guard-place.ts';

function after(bytes: Iterable<number>): Place {
  let place: Place = LINE_START;
  for (const byte of bytes) place = nextPlace(place, byte);
  return place;
}

describe('nextPlace()', () => {
  /** Char.IsWhiteSpace of .NET: Unicode's Zs, Zl, Zp, the controls 9 to 13 and U+0085. */
  const isDotNetSpace = (char: string) => /^[\p{Zs}\p{Zl}\p{Zp}\t-\r\u0085]$/u.test(char);

  test('stays at the start behind white space as .NET knows it, and behind nothing else', () => {
    for (let point = 0; point < 0x11_0000; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const char = String.fromCodePoint(point);
      assert.equal(after(Buffer.from(char)) === LINE_START, isDotNetSpace(char), `U+${point.toString(16)}`);
    }
  });

  for (const [name, bytes, isStart] of [
    ['CR', [0x61, 0x0d], true],
    ['LF', [0x61, 0x0a], true],
    ['CR LF', [0x61, 0x0d, 0x0a], true],
    ['a line end within a character', [0xe2, 0x80, 0x0a], true],
    ['white space within a character', [0xe2, 0x80, 0x20], false],
    ['a character cut off by another', [0xe2, 0x80, 0xe2, 0x80, 0x83], false],
    ['an overlong blank', [0xc0, 0xa0], false],
    ['NEL, which ends no line', [0x61, 0xc2, 0x85], false],
  ] as const) {
    test(`is ${isStart ? 'at' : 'behind'} a line's start after ${name}`, () => {
      assert.equal(after(bytes) === LINE_START, isStart);
    });
  }
});

test('isWhiteSpace() knows blanks of every width and no line ends', () => {
  assert.deepEqual([0x20, 0xa0, 0x2003, 0x3000, 0x0a, 0x0d, 0x200b, 0xfeff].map(isWhiteSpace), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
