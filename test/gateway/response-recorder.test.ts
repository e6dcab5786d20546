import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import type { RecordingEntry } from '#core/audit/entry.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import { ResponseRecorder } from '#gateway/response-recorder.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

function open(t: TestContext, bytesMax?: number) {
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session', bytesMax);
  t.after(() => folder.close());
  const ranges: RecordingEntry[] = [];
  const failures: unknown[] = [];
  let micros = 5;
  const writer = () =>
    new RecordingWriter({ folder, link: '1', of: 'responses', range: (entry) => void ranges.push(entry), encrypt: null });
  const recorder = new ResponseRecorder(
    writer,
    () => micros++,
    (why) => failures.push(why),
  );
  const frames = () =>
    new FrameDecoder()
      .push(readFileSync(`${folder.path}/recordings/1/responses.rec`))
      .map(({ stream, payload }) => `${stream} ${Buffer.from(payload).toString()}`);
  return { recorder, ranges, failures, frames, folder };
}

test('ResponseRecorder says whose response each piece is, once until another takes its turn', async (t) => {
  const { recorder, ranges, frames } = open(t);
  for (const [id, text] of [
    ['a', '1'],
    ['a', '2'],
    ['b', '3'],
    ['a', '4'],
  ] as const)
    recorder.write(id, Buffer.from(text));
  await recorder.close();
  assert.deepEqual(frames(), ['marker a', 'output 1', 'output 2', 'marker b', 'output 3', 'marker a', 'output 4']);
  assert.equal(ranges.length, 1);
});

test('ResponseRecorder has whoever brings much wait', async (t) => {
  const { recorder } = open(t);
  const waits = Array.from({ length: 6 }, () => recorder.write('a', Buffer.alloc(1024 * 1024)));
  assert.deepEqual(
    waits.map((each) => each === null),
    [true, true, true, false, false, false],
  );
  await Promise.all(waits);
  assert.equal(recorder.write('a', Buffer.from('x')), null);
  await recorder.close();
});

test('ResponseRecorder makes no file where nothing was answered', async (t) => {
  const { recorder, folder } = open(t);
  await recorder.close();
  assert.deepEqual(folder.files, []);
});

test('ResponseRecorder says that it cannot keep them (P2)', async (t) => {
  const { recorder, failures } = open(t, 20);
  recorder.write('a', Buffer.alloc(100));
  await assert.rejects(recorder.close(), /Cannot write the recording/);
  assert.equal(failures.length, 1);
});
