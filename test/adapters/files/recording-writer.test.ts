import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { EvidenceFault, EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { RANGE_AGE_MS_MAX, RANGE_BYTES_MAX, type RecordingSetup, RecordingWriter } from '#adapters/files/recording-writer.ts';
import type { RecordingEntry } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { encodeFrame, encodeResize, FRAME_HEADER_BYTES, FRAME_PAYLOAD_BYTES_MAX, FrameFault } from '#core/recording/frames.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const PATH = 'recordings/0/terminal.rec';
const output = (micros: number, bytes: number): Buffer => encodeFrame({ micros, stream: 'output', payload: Buffer.alloc(bytes, micros) });

function open(t: TestContext, options: Partial<RecordingSetup> & { readonly diskBytes?: number } = {}) {
  const { diskBytes, ...changes } = options;
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session', diskBytes);
  t.after(() => folder.close());
  const ranges: RecordingEntry[] = [];
  const setup = { folder, link: '0', of: 'terminal', range: (entry: RecordingEntry) => void ranges.push(entry), encrypt: null } as const;
  const recording = new RecordingWriter({ ...setup, ...changes });
  const content = (path = PATH): Buffer => readFileSync(`${folder.path}/${path}`);
  return { folder, ranges, recording, content };
}

test('RecordingWriter enters ranges end to end, each with the hash of its bytes', async (t) => {
  const { folder, ranges, recording, content } = open(t);
  const bytes = Buffer.concat([
    encodeResize(0, 80, 24),
    ...[1, 2, 3, 4, 5].map((n) => output(n, 400_000)),
    output(6, FRAME_PAYLOAD_BYTES_MAX),
    output(7, 1),
  ]);
  for (let from = 0; from < bytes.length; from += 70_001) await recording.push(bytes.subarray(from, from + 70_001));
  await recording.close();
  assert.deepEqual(content(), bytes);
  let offset = 0;
  for (const range of ranges) {
    const sha256 = sha256Hex(bytes.subarray(offset, offset + range.bytes));
    assert.deepEqual(range, { kind: 'recording', file: PATH, offset, bytes: range.bytes, sha256 });
    assert.ok(range.bytes <= RANGE_BYTES_MAX + FRAME_HEADER_BYTES);
    offset += range.bytes;
  }
  assert.equal(offset, bytes.length);
  assert.ok(ranges.length >= 4);
  assert.deepEqual(folder.files, [{ path: PATH, bytes: bytes.length, sha256: sha256Hex(bytes) }]);
});

test('RecordingWriter enters a range once it is old enough (W-evi-2)', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { ranges, recording } = open(t);
  const places = () => ranges.map(({ offset, bytes }) => [offset, bytes]);
  await recording.push(output(1, 10));
  t.mock.timers.tick(RANGE_AGE_MS_MAX - 1);
  await recording.push(Buffer.alloc(0));
  assert.deepEqual(places(), []);
  t.mock.timers.tick(1);
  await recording.push(output(2, 10));
  assert.deepEqual(places(), [[0, 23]]);
  await recording.close();
  assert.deepEqual(places(), [
    [0, 23],
    [23, 23],
  ]);
});

test('RecordingWriter writes whole frames only, and says what it dropped', async (t) => {
  const { ranges, recording, content } = open(t);
  await recording.push(Buffer.concat([output(1, 5), output(2, 5).subarray(0, 7)]));
  assert.deepEqual(await recording.close(), { droppedBytes: 7 });
  assert.equal(content().length, 18);
  assert.equal(ranges.length, 1);
});

test('RecordingWriter goes on in another file, which says first what it has to be understood by', async (t) => {
  const { folder, ranges, recording, content } = open(t, { fileBytesMax: 60 });
  await recording.push(Buffer.concat([encodeResize(0, 90, 30), ...[1, 2, 3, 4].map((micros) => output(micros, 10))]));
  await recording.close();
  const second = encodeFrame({ micros: 2, stream: 'resize', payload: Buffer.from('90x30') });
  const third = encodeFrame({ micros: 4, stream: 'resize', payload: Buffer.from('90x30') });
  assert.deepEqual(content(), Buffer.concat([encodeResize(0, 90, 30), output(1, 10)]));
  assert.deepEqual(content('recordings/0/terminal-2.rec'), Buffer.concat([second, output(2, 10)]));
  assert.deepEqual(content('recordings/0/terminal-4.rec'), Buffer.concat([third, output(4, 10)]));
  assert.deepEqual(
    folder.files.map(({ path }) => path),
    [PATH, 'recordings/0/terminal-2.rec', 'recordings/0/terminal-3.rec', 'recordings/0/terminal-4.rec'],
  );
  assert.deepEqual([...new Set(ranges.map(({ offset }) => offset))], [0]);
});

test('RecordingWriter encrypts range by range: each is whole by itself, and none is in the clear', async (t) => {
  const encrypt = async (plaintext: Uint8Array) =>
    Buffer.concat([Buffer.from('sealed:'), Buffer.from(plaintext).map((byte) => byte ^ 0x5a)]);
  const { ranges, recording, content } = open(t, { encrypt });
  const frames = [output(1, 700_000), output(2, 700_000), output(3, 5)];
  for (const frame of frames) await recording.push(frame);
  await recording.close();
  const file = content('recordings/0/terminal.rec.age');
  const opened = ranges.map(({ offset, bytes, sha256 }) => {
    const range = file.subarray(offset, offset + bytes);
    assert.equal(sha256Hex(range), sha256);
    assert.equal(range.subarray(0, 7).toString(), 'sealed:');
    return range.subarray(7).map((byte) => byte ^ 0x5a);
  });
  assert.deepEqual(Buffer.concat(opened), Buffer.concat(frames));
  assert.equal(ranges.length, 2);
});

test('RecordingWriter takes no more after a bad frame, a full disk, its limit, or its end', async (t) => {
  const fault = (code: string) => (thrown: unknown) => thrown instanceof EvidenceFault && thrown.code === code;
  const bad = open(t);
  await assert.rejects(bad.recording.push(Buffer.alloc(13, 0xff)), FrameFault);
  const full = open(t, { diskBytes: 20 });
  await assert.rejects(
    full.recording.push(output(1, 50)),
    (thrown) => fault('write-failed')(thrown) && /grown to its limit/.test(String(thrown)),
  );
  const limited = open(t, { bytesMax: 30 });
  await assert.rejects(limited.recording.push(Buffer.concat([output(1, 5), output(2, 5)])), fault('over-limit'));
  const unencrypted = open(t, { encrypt: () => Promise.reject(new Error('no entropy')) });
  await unencrypted.recording.push(output(1, 5));
  await assert.rejects(unencrypted.recording.close(), /no entropy/);
  const closed = open(t);
  await closed.recording.close();
  for (const { recording } of [bad, full, limited, unencrypted, closed])
    await assert.rejects(recording.push(output(3, 1)), fault('closed'));
  for (const { recording } of [bad, full, limited]) await assert.rejects(recording.close());
});

test('RecordingWriter says that the next file could not be made, and what it has stays', async (t) => {
  const { folder, recording, ranges, content } = open(t, { fileBytesMax: 20 });
  mkdirSync(`${folder.path}/recordings/0/terminal-2.rec`);
  await assert.rejects(recording.push(Buffer.concat([output(1, 5), output(2, 5)])), /terminal-2\.rec/);
  await assert.rejects(recording.close(), /terminal-2\.rec/);
  assert.deepEqual([content(), ranges.length, folder.files.length], [output(1, 5), 1, 1]);
});

test('RecordingWriter tells of a fault that came while nobody pushed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { recording } = open(t, { encrypt: () => Promise.reject(new Error('no entropy')) });
  await recording.push(output(1, 5));
  t.mock.timers.tick(RANGE_AGE_MS_MAX);
  await assert.rejects(recording.close(), /no entropy/);
});
