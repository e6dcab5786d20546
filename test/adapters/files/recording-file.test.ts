import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EvidenceFault, EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { CHUNK_AGE_MS_MAX, CHUNK_BYTES_MAX, RecordingFile } from '#adapters/files/recording-file.ts';
import type { RecordingEntry } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { encodeFrame, encodeResize, FRAME_HEADER_BYTES, FRAME_PAYLOAD_BYTES_MAX, FrameFault } from '#core/recording/frames.ts';
import { fakeWriter } from '#test/fixtures/fake-writer.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const output = (micros: number, bytes: number): Buffer => encodeFrame({ micros, stream: 'output', payload: Buffer.alloc(bytes, micros) });

function open(t: Parameters<typeof temporaryFolder>[0], options: { bytesMax?: number; room?: number } = {}) {
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session');
  t.after(() => folder.close());
  const writer = fakeWriter({ room: options.room ?? Number.POSITIVE_INFINITY, piece: 100_000 });
  const chunks: RecordingEntry[] = [];
  const limit = options.bytesMax === undefined ? {} : { bytesMax: options.bytesMax };
  const recording = new RecordingFile({ folder, link: '0', chunk: (entry) => chunks.push(entry), ...limit }, writer);
  return { folder, writer, chunks, recording };
}

test('RecordingFile enters chunks end to end, each with the hash of its bytes', (t) => {
  const { folder, writer, chunks, recording } = open(t);
  const bytes = Buffer.concat([
    encodeResize(0, 80, 24),
    ...[1, 2, 3, 4, 5].map((n) => output(n, 400_000)),
    output(6, FRAME_PAYLOAD_BYTES_MAX),
    output(7, 1),
  ]);
  for (let from = 0; from < bytes.length; from += 70_001) recording.push(bytes.subarray(from, from + 70_001));
  recording.close();
  assert.deepEqual(writer.content(), bytes);
  let offset = 0;
  for (const chunk of chunks) {
    assert.deepEqual(chunk, {
      kind: 'recording',
      file: 'recordings/0/terminal.rec',
      offset,
      bytes: chunk.bytes,
      sha256: sha256Hex(bytes.subarray(offset, offset + chunk.bytes)),
    });
    assert.ok(chunk.bytes <= CHUNK_BYTES_MAX + FRAME_HEADER_BYTES);
    offset += chunk.bytes;
  }
  assert.equal(offset, bytes.length);
  assert.ok(chunks.length >= 4);
  assert.deepEqual(folder.files, [{ path: 'recordings/0/terminal.rec', bytes: bytes.length, sha256: sha256Hex(bytes) }]);
});

test('RecordingFile enters a chunk once it is old enough (W-evi-2)', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { chunks, recording } = open(t);
  recording.push(output(1, 10));
  t.mock.timers.tick(CHUNK_AGE_MS_MAX - 1);
  assert.equal(chunks.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(
    chunks.map(({ offset, bytes }) => [offset, bytes]),
    [[0, 23]],
  );
  t.mock.timers.tick(CHUNK_AGE_MS_MAX);
  recording.push(output(2, 10));
  recording.close();
  assert.deepEqual(
    chunks.map(({ offset, bytes }) => [offset, bytes]),
    [
      [0, 23],
      [23, 23],
    ],
  );
});

test('RecordingFile writes whole frames only, and says what it dropped', (t) => {
  const { writer, chunks, recording } = open(t);
  recording.push(Buffer.concat([output(1, 5), output(2, 5).subarray(0, 7)]));
  assert.deepEqual(recording.close(), { droppedBytes: 7 });
  assert.equal(writer.content().length, 18);
  assert.equal(chunks.length, 1);
});

test('RecordingFile takes no more after a bad frame, a full disk, its limit, or its end', (t) => {
  const bad = open(t);
  assert.throws(() => bad.recording.push(Buffer.alloc(13, 0xff)), FrameFault);
  const full = open(t, { room: 20 });
  assert.throws(
    () => full.recording.push(output(1, 50)),
    (fault) => fault instanceof EvidenceFault && fault.code === 'write-failed',
  );
  const limited = open(t, { bytesMax: 30 });
  assert.throws(
    () => limited.recording.push(Buffer.concat([output(1, 5), output(2, 5)])),
    (fault) => fault instanceof EvidenceFault && fault.code === 'over-limit',
  );
  const closed = open(t);
  closed.recording.close();
  for (const { recording } of [bad, full, limited, closed])
    assert.throws(
      () => recording.push(output(3, 1)),
      (fault) => fault instanceof EvidenceFault && fault.code === 'closed',
    );
});
