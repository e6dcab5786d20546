import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '#core/audit/sha256.ts';
import { AsciicastWriter } from '#core/recording/asciicast.ts';
import { encodeFrame, type RecordingFrame } from '#core/recording/frames.ts';
import type { Chunk } from '#core/verify/entry-rules.ts';
import { RecordingCheck } from '#core/verify/recording-check.ts';

const FRAMES: readonly RecordingFrame[] = [1, 2, 3, 4].map((micros) => ({
  micros,
  stream: 'output',
  payload: Buffer.from(`frame ${micros} ö`),
}));
const BYTES = Buffer.concat(FRAMES.map(encodeFrame));

function chunksOf(bytes: Buffer, ...ends: number[]): readonly Chunk[] {
  return ends.map((end, index) => {
    const offset = ends[index - 1] ?? 0;
    return { offset, bytes: end - offset, sha256: sha256Hex(bytes.subarray(offset, end)) };
  });
}

function check(chunks: readonly Chunk[], bytes: Buffer, pieceBytes: number) {
  const recording = new RecordingCheck('recordings/0/terminal.rec', chunks);
  for (let from = 0; from < bytes.length; from += pieceBytes) recording.push(bytes.subarray(from, from + pieceBytes));
  return { ...recording.end(), covered: recording.coveredBytes };
}

test('RecordingCheck takes ranges with their hashes and derives the asciicast, whatever the pieces', () => {
  const writer = new AsciicastWriter();
  const cast = FRAMES.map((frame) => writer.frame(frame)).join('') + writer.end();
  const frame = BYTES.length / FRAMES.length;
  for (const pieceBytes of [1, 7, frame, 1000]) {
    const found = check(chunksOf(BYTES, frame, 3 * frame, 4 * frame), BYTES, pieceBytes);
    assert.deepEqual(found, { problem: null, covered: BYTES.length, cast: { bytes: Buffer.byteLength(cast), sha256: sha256Hex(cast) } });
  }
  assert.equal(check(chunksOf(BYTES, frame), BYTES, 5).covered, frame);
});

test('RecordingCheck finds changed, missing and malformed bytes', () => {
  const changed = Buffer.from(BYTES).fill(0x41, 14, 15);
  const malformed = Buffer.from(BYTES).fill(0xff, 8, 9);
  assert.match(check(chunksOf(BYTES, BYTES.length), changed, 9).problem?.what ?? '', /chain names/);
  assert.match(check(chunksOf(BYTES, BYTES.length), BYTES.subarray(0, 30), 9).problem?.what ?? '', /shorter/);
  assert.match(check(chunksOf(malformed, BYTES.length), malformed, 9).problem?.what ?? '', /stream/);
  assert.match(check(chunksOf(BYTES, 20), BYTES.subarray(0, 20), 9).problem?.what ?? '', /whole one/);
});
