import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '#core/audit/sha256.ts';
import { encodeFrame, type RecordingFrame } from '#core/recording/frames.ts';
import type { Chunk } from '#core/verify/entry-rules.ts';
import { RecordingCheck } from '#core/verify/recording-check.ts';
import { FrameContent, type RecordingContent } from '#core/verify/recording-content.ts';

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

type Input = {
  readonly chunks: readonly Chunk[];
  readonly bytes: Buffer;
  readonly pieceBytes: number;
  readonly content?: RecordingContent | null;
};

async function check({ chunks, bytes, pieceBytes, content = new FrameContent() }: Input) {
  const recording = new RecordingCheck('recordings/0/terminal.rec', chunks, content);
  for (let from = 0; from < bytes.length; from += pieceBytes) await recording.push(bytes.subarray(from, from + pieceBytes));
  return { problem: recording.end(), covered: recording.coveredBytes };
}

test('RecordingCheck takes ranges with their hashes, whatever the pieces', async () => {
  const frame = BYTES.length / FRAMES.length;
  for (const pieceBytes of [1, 7, frame, 1000]) {
    const found = await check({ chunks: chunksOf(BYTES, frame, 3 * frame, 4 * frame), bytes: BYTES, pieceBytes });
    assert.deepEqual(found, { problem: null, covered: BYTES.length });
  }
  assert.equal((await check({ chunks: chunksOf(BYTES, frame), bytes: BYTES, pieceBytes: 5 })).covered, frame);
});

test('RecordingCheck finds changed, missing and malformed bytes', async () => {
  const what = async (chunks: readonly Chunk[], bytes: Buffer) => (await check({ chunks, bytes, pieceBytes: 9 })).problem?.what ?? '';
  const changed = Buffer.from(BYTES).fill(0x41, 14, 15);
  const malformed = Buffer.from(BYTES).fill(0xff, 8, 9);
  assert.match(await what(chunksOf(BYTES, BYTES.length), changed), /chain names/);
  assert.match(await what(chunksOf(BYTES, BYTES.length), BYTES.subarray(0, 30)), /shorter/);
  assert.match(await what(chunksOf(malformed, BYTES.length), malformed), /stream/);
  assert.match(await what(chunksOf(BYTES, 20), BYTES.subarray(0, 20)), /whole one/);
});

test('RecordingCheck holds bytes that it cannot read to their hashes all the same', async () => {
  const malformed = Buffer.from(BYTES).fill(0xff, 8, 9);
  const chunks = chunksOf(malformed, BYTES.length);
  assert.equal((await check({ chunks, bytes: malformed, pieceBytes: 9, content: null })).problem, null);
  assert.match((await check({ chunks, bytes: BYTES, pieceBytes: 9, content: null })).problem?.what ?? '', /chain names/);
});

test('RecordingCheck tells its content where ranges end, and stops at what it says of one', async () => {
  const seen: string[] = [];
  const content: RecordingContent = {
    take(part) {
      seen.push(`${part.length}`);
      return null;
    },
    async endRange() {
      seen.push('end');
      return seen.length > 3 ? 'no more' : null;
    },
    end: () => null,
  };
  const { problem } = await check({ chunks: chunksOf(BYTES, 10, 30, 40), bytes: BYTES, pieceBytes: 25, content });
  assert.deepEqual([seen, problem?.what], [['10', 'end', '15', '5', 'end'], 'no more']);
});
