import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { FrameDecoder } from '#core/recording/frames.ts';
import { Recorder } from '#wrapper/record.ts';

function sink(take: (chunk: Buffer, done: (error?: Error) => void) => void): Writable {
  return new Writable({ highWaterMark: 64, write: (chunk: Buffer, _encoding, done) => take(chunk, done) });
}

test('Recorder frames what is printed, with the time since its start', async () => {
  const chunks: Buffer[] = [];
  let now = 500;
  const recorder = new Recorder(
    sink((chunk, done) => {
      chunks.push(chunk);
      done();
    }),
    () => now,
  );
  recorder.resize(80, 24);
  now = 750;
  recorder.output(Buffer.from('hello'));
  await recorder.end();
  const frames = new FrameDecoder()
    .push(Buffer.concat(chunks))
    .map(({ micros, stream, payload }) => [micros, stream, Buffer.from(payload).toString()]);
  assert.deepEqual(frames, [
    [0, 'resize', '80x24'],
    [250, 'output', 'hello'],
  ]);
});

test('Recorder asks for a pause while its sink is full, and says when it is not', async () => {
  const waiting: (() => void)[] = [];
  const recorder = new Recorder(
    sink((_chunk, done) => void waiting.push(done)),
    () => 0,
  );
  assert.equal(recorder.output(Buffer.alloc(100)), false);
  let drained = false;
  const settled = recorder.drained().then(() => {
    drained = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(drained, false);
  waiting.shift()?.();
  await settled;
});

test('Recorder rejects at its end what could not be recorded, and waits for no broken sink', async () => {
  const broken = sink((_chunk, done) => done(new Error('disk full')));
  const errors: string[] = [];
  broken.on('error', (error) => errors.push(error.message));
  const recorder = new Recorder(broken, () => 0);
  recorder.output(Buffer.alloc(100));
  await recorder.drained();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(errors, ['disk full']);
  assert.equal(recorder.output(Buffer.alloc(100)), true);
  await assert.rejects(recorder.end());
});
