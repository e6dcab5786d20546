import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, encodeResize, encodeStream } from '#core/recording/frames.ts';
import {
  CAST_CHARACTERS_MAX,
  CELLS_DRAWN_MAX,
  COLUMNS_MAX,
  RESIZES_MAX,
  ROWS_MAX,
  type TerminalCast,
  TerminalCastMaker,
} from '#report/terminal-cast.ts';

function castOf(pieces: readonly Uint8Array[], charactersMax?: number): TerminalCast {
  const maker = new TerminalCastMaker(charactersMax);
  for (const piece of pieces) maker.push(piece);
  return maker.end();
}

const output = (text: string, micros = 0): readonly Buffer[] => encodeStream(micros, 'output', Buffer.from(text));
const eventsOf = ({ text }: TerminalCast): readonly unknown[] =>
  text
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line));
const headerOf = ({ text }: TerminalCast): unknown => JSON.parse(text.split('\n')[0] ?? '');

describe('TerminalCastMaker', () => {
  it('gives an asciicast of what was shown, and of nothing that was typed', () => {
    const typed = encodeFrame({ micros: 5, stream: 'input', payload: Buffer.from('secret\n') });
    const marker = encodeFrame({ micros: 6, stream: 'marker', payload: Buffer.from('here') });
    const cast = castOf([encodeResize(0, 100, 30), ...output('one\n'), typed, marker, ...output('two', 1_500_000)]);
    assert.deepEqual(headerOf(cast), { version: 2, width: 100, height: 30 });
    assert.deepEqual(eventsOf(cast), [
      [0, 'o', 'one\r\n'],
      [1.5, 'o', 'two'],
    ]);
    assert.equal(cast.cut, null);
  });

  it('gives a player nothing but what draws (R37)', () => {
    const cast = castOf(output('a\x1b]0;title\x07b\x1b[6nc\x1bP+q544e\x1b\\d\x1b[31me\x1b]52;c;aGk=\x07f\u202eg'));
    assert.deepEqual(eventsOf(cast), [[0, 'o', 'abcd\x1b[31mefg']]);
  });

  it('holds a screen to its maxima, and the number of its sizes', () => {
    const sizes = Array.from({ length: RESIZES_MAX + 50 }, (_, n) => encodeResize(n, (n % 2) + 80, 24));
    assert.deepEqual(headerOf(castOf([encodeResize(0, 99_999, 99_999)])), { version: 2, width: COLUMNS_MAX, height: ROWS_MAX });
    assert.deepEqual(eventsOf(castOf([...output('x'), encodeResize(9, 99_999, 1)])), [
      [0, 'o', 'x'],
      [0.000009, 'r', `${COLUMNS_MAX}x1`],
    ]);
    assert.equal(eventsOf(castOf(sizes)).length, RESIZES_MAX - 1);
  });

  for (const [name, text] of [
    ['repeats', 'a\x1b[9999b'],
    ['scrolls', '\x1b[9999S'],
    ['inserts', '\x1b[9999L'],
    ['erases the screen', '\x1b[2J'],
    ['changes screens', '\x1b[?1049h\x1b[?1049l'],
  ] as const) {
    it(`ends a recording that ${name} past the maximum`, () => {
      const times = Math.ceil(CELLS_DRAWN_MAX / 1900) + 1;
      const pieces = Array.from({ length: 50 }, () => output(text.repeat(Math.ceil(times / 50)))).flat();
      const cast = castOf([...pieces, ...output('after')]);
      assert.match(cast.cut ?? '', /draws too much/);
      assert.ok(!cast.text.includes('after'));
    });
  }

  it('leaves alone a program that draws its screen anew each second for hours', () => {
    const cast = castOf([
      encodeResize(0, 200, 50),
      ...Array.from({ length: 4000 }, (_, n) => output('\x1b[2J\x1b[Hload 0.5', n * 1_000_000)).flat(),
    ]);
    assert.equal(cast.cut, null);
  });

  it('ends what is too long between two events, and stays within what it is told', () => {
    const cast = castOf([...output('x'.repeat(3_000_000)), ...output('y'.repeat(9_000_000))]);
    assert.ok(cast.text.length <= CAST_CHARACTERS_MAX);
    assert.match(cast.cut ?? '', /too long/);
    for (const event of eventsOf(cast)) assert.ok(Array.isArray(event));
    const small = castOf(output('x'.repeat(1000)), 100);
    assert.deepEqual([small.text.length <= 100, small.cut !== null], [true, true]);
  });

  it('shows what came before the bytes that are no recording', () => {
    const cast = castOf([...output('before'), Buffer.from('ff'.repeat(20), 'hex'), ...output('after')]);
    assert.deepEqual(eventsOf(cast), [[0, 'o', 'before']]);
    assert.match(cast.cut ?? '', /no recording/);
  });

  it('never throws, and always gives whole lines, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), fc.string(), (pieces, text) => {
        const cast = castOf([...output(text), ...pieces]);
        for (const line of cast.text.split('\n').slice(0, -1)) JSON.parse(line);
        assert.ok(cast.text === '' || cast.text.endsWith('\n'));
      }),
    );
  });
});
