import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordingFrame } from '#core/recording/frames.ts';
import { type Pace, Playback } from '#core/recording/playback.ts';

const FRAMES: readonly RecordingFrame[] = [
  { micros: 500_000, stream: 'output', payload: Buffer.from([0xe2, 0x82]) },
  { micros: 600_000, stream: 'input', payload: Buffer.from('typed') },
  { micros: 1_500_000, stream: 'output', payload: Buffer.from([0xac]) },
  { micros: 61_500_000, stream: 'output', payload: Buffer.from('\x1b]0;t') },
  { micros: 61_600_000, stream: 'output', payload: Buffer.from('\x07end') },
];

function play(pace: Pace): { waits: number[]; text: string } {
  const playback = new Playback(pace);
  const shown = FRAMES.map((frame) => playback.frame(frame)).filter((each) => each !== null);
  return { waits: shown.map(({ waitMs }) => waitMs), text: shown.map(({ text }) => text).join('') };
}

test('Playback shows output only, decoded and filtered across frames', () => {
  assert.equal(play({ speed: 1, idleMsMax: null, instant: false }).text, '€end');
});

test('Playback keeps, shortens, speeds up or drops pauses', () => {
  assert.deepEqual(play({ speed: 1, idleMsMax: null, instant: false }).waits, [0, 1000, 60_000, 100]);
  assert.deepEqual(play({ speed: 2, idleMsMax: 2000, instant: false }).waits, [0, 500, 1000, 50]);
  assert.deepEqual(play({ speed: 1, idleMsMax: null, instant: true }).waits, [0, 0, 0, 0]);
});
