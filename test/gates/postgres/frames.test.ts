import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FrameBatch, FrameReader, ProtocolViolation } from '#gates/postgres/frames.ts';

const REFUSE = { frameBytesMax: 64, oversize: 'refuse' } as const;
const FAIL = { frameBytesMax: 64, oversize: 'fail' } as const;

function frame(type: string, bodyBytes: number): Buffer {
  const bytes = Buffer.alloc(5 + bodyBytes, type.toLowerCase());
  bytes.write(type, 0, 'latin1');
  bytes.writeInt32BE(4 + bodyBytes, 1);
  return bytes;
}

/** What came out, frame by frame: `Q:12:` and the bytes, or `oversized Q 90`. */
function listed(batches: readonly FrameBatch[]): string[] {
  return batches.flatMap((batch) => {
    if (batch.kind === 'oversized') return [`oversized ${String.fromCharCode(batch.type)} ${batch.bytes}`];
    const found: string[] = [];
    for (let start = 0; start < batch.frames.length; ) {
      const end = start + 1 + batch.frames.readInt32BE(start + 1);
      assert.ok(end <= batch.frames.length, 'frames come whole');
      found.push(batch.frames.toString('hex', start, end));
      start = end;
    }
    return found;
  });
}

function pushAll(reader: FrameReader, chunks: readonly Buffer[]): string[] {
  return chunks.flatMap((chunk) => listed(reader.push(chunk)));
}

function splitAt(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  return places.slice(1).map((end, index) => stream.subarray(places[index], end));
}

test('push() passes whole frames in one piece, without a copy', () => {
  const chunk = Buffer.concat([frame('P', 10), frame('B', 0), frame('S', 0)]);
  const batches = new FrameReader(FAIL).push(chunk);
  assert.equal(batches.length, 1);
  const [batch] = batches;
  assert.ok(batch?.kind === 'frames');
  assert.deepEqual(batch.frames, chunk);
  assert.equal(batch.frames.buffer, chunk.buffer);
});

test('push() gives a frame out when its last byte is there, and not before', () => {
  const stream = frame('Q', 20);
  const reader = new FrameReader(FAIL);
  for (const byte of stream.subarray(0, -1)) assert.deepEqual(reader.push(Buffer.from([byte])), []);
  assert.deepEqual(listed(reader.push(stream.subarray(-1))), [stream.toString('hex')]);
});

test('push() gives a frame without a body out with its header', () => {
  const sync = frame('S', 0);
  for (let cut = 1; cut < sync.length; cut++) {
    assert.deepEqual(pushAll(new FrameReader(FAIL), splitAt(sync, [cut])), [sync.toString('hex')], `cut at ${cut}`);
  }
});

test('push() does not change a buffer that it gave out', () => {
  const reader = new FrameReader(FAIL);
  const [first, second] = [frame('a', 30), frame('b', 30)];
  reader.push(first.subarray(0, 7));
  const [batch] = reader.push(Buffer.concat([first.subarray(7), second.subarray(0, 7)]));
  assert.ok(batch?.kind === 'frames');
  reader.push(second.subarray(7));
  assert.deepEqual(batch.frames, first);
});

test('push() drops an oversized frame, says so in its place, and goes on (W-sql-4)', () => {
  const stream = Buffer.concat([frame('Q', 3), frame('Q', 60), frame('S', 0)]);
  const expected = [frame('Q', 3).toString('hex'), 'oversized Q 65', frame('S', 0).toString('hex')];
  for (let cut = 0; cut <= stream.length; cut++) {
    assert.deepEqual(pushAll(new FrameReader(REFUSE), splitAt(stream, [cut])), expected, `cut at ${cut}`);
  }
});

test('push() lets a frame of exactly the limit pass, and none above it (W-sql-4)', () => {
  assert.deepEqual(listed(new FrameReader(FAIL).push(frame('Q', 59))), [frame('Q', 59).toString('hex')]);
  assert.throws(() => new FrameReader(FAIL).push(frame('Q', 60)), ProtocolViolation);
});

test('push() fails an oversized frame by its header alone, however the header comes', () => {
  const header = Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]);
  for (let cut = 0; cut < header.length; cut++) {
    assert.throws(() => pushAll(new FrameReader(FAIL), splitAt(header, [cut])), ProtocolViolation, `cut at ${cut}`);
  }
});

test('push() throws ProtocolViolation for a length that does not even count itself', () => {
  for (const length of [3, 0, -1, -2_147_483_648]) {
    const header = frame('Q', 0);
    header.writeInt32BE(length, 1);
    for (const limits of [REFUSE, FAIL]) {
      for (let cut = 0; cut < header.length; cut++) {
        assert.throws(() => pushAll(new FrameReader(limits), splitAt(header, [cut])), { code: '08P01' }, `${length}, cut at ${cut}`);
      }
    }
  }
});

test('push() holds what has come, not what was promised', () => {
  const reader = new FrameReader({ frameBytesMax: 1 << 30, oversize: 'fail' });
  const header = frame('d', 0);
  header.writeInt32BE((1 << 30) - 1, 1);
  const before = process.memoryUsage().arrayBuffers;
  reader.push(header);
  for (let piece = 0; piece < 100; piece++) reader.push(Buffer.alloc(100));
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
});

test('push() copies a frame in a thousand times a thousand pieces in linear time', () => {
  const bytes = 1_000_000;
  const reader = new FrameReader({ frameBytesMax: 2 * bytes, oversize: 'fail' });
  const whole = frame('d', bytes);
  let found: string[] = [];
  for (let at = 0; at < whole.length; at++) found = listed(reader.push(whole.subarray(at, at + 1)));
  assert.deepEqual(found, [whole.toString('hex')]);
});

const ANY_FRAME = fc
  .tuple(fc.constantFrom('Q', 'P', 'B', 'd', 'S'), fc.integer({ min: 0, max: 90 }))
  .map(([type, bytes]) => frame(type, bytes));

test('push() gives the same frames for any split of a stream', () => {
  fc.assert(
    fc.property(fc.array(ANY_FRAME, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (frames, cuts) => {
      const stream = Buffer.concat(frames);
      assert.deepEqual(pushAll(new FrameReader(REFUSE), splitAt(stream, cuts)), listed(new FrameReader(REFUSE).push(stream)));
    }),
    { numRuns: 300 },
  );
});

test('push() makes frames or a ProtocolViolation of random bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
      try {
        for (const limits of [REFUSE, FAIL]) pushAll(new FrameReader(limits), chunks.map(Buffer.from));
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
    }),
    { numRuns: 300 },
  );
});
