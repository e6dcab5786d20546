import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AsciicastWriter } from '#core/recording/asciicast.ts';
import type { RecordingFrame } from '#core/recording/frames.ts';

function cast(frames: readonly RecordingFrame[], version: 'v2' | 'v3' = 'v2'): readonly string[] {
  const writer = new AsciicastWriter();
  const text = frames.map((frame) => writer.frame(frame)[version]).join('') + writer.end()[version];
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

const output = (micros: number, bytes: Uint8Array): RecordingFrame => ({ micros, stream: 'output', payload: bytes });

const FRAMES: readonly RecordingFrame[] = [
  { micros: 0, stream: 'resize', payload: Buffer.from('132x43') },
  output(1, Buffer.from('a"\x1b[0m')),
  { micros: 1_000_000, stream: 'input', payload: Buffer.from('x') },
  { micros: 1_500_000, stream: 'marker', payload: Buffer.from('here') },
  { micros: 3_723_000_001, stream: 'resize', payload: Buffer.from('80x24') },
];

test('AsciicastWriter writes header and intervals of asciicast v3', () => {
  assert.deepEqual(cast(FRAMES, 'v3'), [
    '{"version":3,"term":{"cols":132,"rows":43}}',
    '[0.000001,"o","a\\"\\u001b[0m"]',
    '[0.999999,"i","x"]',
    '[0.5,"m","here"]',
    '[3721.500001,"r","80x24"]',
  ]);
  // A frame that gives no event leaves its time to the next one that does.
  assert.deepEqual(cast([output(5, Buffer.from([0xc3])), output(9, Buffer.from([0xb6]))], 'v3').slice(1), ['[0.000009,"o","ö"]']);
});

test('AsciicastWriter writes header and events of asciicast v2', () => {
  assert.deepEqual(cast(FRAMES), [
    '{"version":2,"width":132,"height":43}',
    '[0.000001,"o","a\\"\\u001b[0m"]',
    '[1,"i","x"]',
    '[1.5,"m","here"]',
    '[3723.000001,"r","80x24"]',
  ]);
});

test('AsciicastWriter has a size for recordings without one', () => {
  assert.deepEqual(cast([]), ['{"version":2,"width":80,"height":24}']);
  assert.deepEqual(cast([output(2, Buffer.from('hi'))]), ['{"version":2,"width":80,"height":24}', '[0.000002,"o","hi"]']);
});

test('AsciicastWriter joins characters across frames, each stream for itself, and marks bytes that are none', () => {
  const lines = cast([
    output(1, Buffer.from([0xe2, 0x82])),
    { micros: 2, stream: 'input', payload: Buffer.from([0xc3]) },
    output(3, Buffer.from([0xac, 0xff])),
    { micros: 4, stream: 'input', payload: Buffer.from([0xb6]) },
    output(5, Buffer.from([0xf0, 0x9f])),
  ]);
  assert.deepEqual(lines.slice(1), ['[0.000003,"o","€\ufffd"]', '[0.000004,"i","ö"]', '[0.000005,"o","\ufffd"]']);
});

test('AsciicastWriter ends lines of output in CR LF, wherever frames are cut, and leaves input as it is', () => {
  const lines = cast([
    output(1, Buffer.from('a\nb\r\nc\r')),
    output(2, Buffer.from('\nd\n')),
    { micros: 3, stream: 'input', payload: Buffer.from('e\n') },
  ]);
  assert.deepEqual(lines.slice(1), ['[0.000001,"o","a\\r\\nb\\r\\nc\\r"]', '[0.000002,"o","\\nd\\r\\n"]', '[0.000003,"i","e\\n"]']);
});

test('AsciicastWriter loses no text wherever frames are cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat({ max: 7 }), (text, size) => {
      const bytes = Buffer.from(text);
      const frames: RecordingFrame[] = [];
      for (let from = 0; from < bytes.length; from += size + 1) frames.push(output(from, bytes.subarray(from, from + size + 1)));
      const events = cast(frames)
        .slice(1)
        .map((line) => JSON.parse(line));
      assert.equal(events.map((event) => event[2]).join(''), text);
    }),
    { numRuns: 200, verbose: 1 },
  );
});
