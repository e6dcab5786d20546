import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeFrame,
  encodeResize,
  encodeStream,
  FRAME_HEADER_BYTES,
  FRAME_PAYLOAD_BYTES_MAX,
  FrameDecoder,
  FrameFault,
  parseResize,
  RECORDING_STREAMS,
  type RecordingFrame,
} from '#core/recording/frames.ts';

const payloads = fc.uint8Array({ maxLength: 60 });
const frames: fc.Arbitrary<RecordingFrame[]> = fc
  .array(
    fc.record({ micros: fc.nat({ max: 2 ** 31 - 1 }), stream: fc.constantFrom('output', 'input', 'marker' as const), payload: payloads }),
    { maxLength: 12 },
  )
  .map((list) => list.sort((a, b) => a.micros - b.micros));

test('encodeFrame() lays a frame out as documented', () => {
  const bytes = encodeFrame({ micros: 0x0102030405, stream: 'marker', payload: Buffer.from('hi') });
  assert.equal(bytes.toString('hex'), '00000001020304050300000002' + '6869');
  assert.equal(encodeResize(0, 80, 24).subarray(FRAME_HEADER_BYTES).toString(), '80x24');
});

test('FrameDecoder gives the same frames however the bytes are split', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 20 }), (list, cuts) => {
      const bytes = Buffer.concat(list.map(encodeFrame));
      const decoder = new FrameDecoder();
      const found: RecordingFrame[] = [];
      for (let from = 0, cut = 0; from < bytes.length; cut += 1) {
        const length = Math.max(1, cuts[cut % cuts.length] ?? 1);
        // Each piece is overwritten afterwards: held bytes must be copies.
        const piece = Buffer.from(bytes.subarray(from, from + length));
        found.push(...decoder.push(piece).map((frame) => ({ ...frame, payload: Buffer.from(frame.payload) })));
        piece.fill(0xee);
        from += length;
      }
      decoder.end();
      assert.deepEqual(
        found.map(({ micros, stream, payload }) => [micros, stream, Buffer.from(payload).toString('hex')]),
        list.map(({ micros, stream, payload }) => [micros, stream, Buffer.from(payload).toString('hex')]),
      );
    }),
    { numRuns: 300, verbose: 1 },
  );
});

test('FrameDecoder turns any bytes into frames or a FrameFault, and holds one frame at most', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (pieces) => {
      const decoder = new FrameDecoder();
      try {
        for (const piece of pieces) {
          decoder.push(piece);
          assert.ok(decoder.pendingBytes <= FRAME_HEADER_BYTES + FRAME_PAYLOAD_BYTES_MAX);
        }
      } catch (fault) {
        assert.ok(fault instanceof FrameFault);
      }
    }),
    { numRuns: 300, verbose: 1 },
  );
});

test('FrameDecoder names what is wrong', () => {
  const frame = (edit: (bytes: Buffer) => void): Buffer => {
    const bytes = encodeFrame({ micros: 5, stream: 'output', payload: Buffer.from('abc') });
    edit(bytes);
    return bytes;
  };
  const cases: readonly (readonly [string, Buffer])[] = [
    ['unknown-stream', frame((bytes) => bytes.writeUInt8(4, 8))],
    ['too-long', frame((bytes) => bytes.writeUInt32BE(FRAME_PAYLOAD_BYTES_MAX + 1, 9))],
    ['time-out-of-range', frame((bytes) => bytes.writeUInt8(0x80, 0))],
    ['bad-resize', frame((bytes) => bytes.writeUInt8(2, 8))],
    ['time-backwards', Buffer.concat([frame((bytes) => bytes.writeUInt8(1, 6)), frame(() => {})])],
    ['cut-short', frame(() => {}).subarray(0, 14)],
    ['cut-short', frame(() => {}).subarray(0, 1)],
  ];
  for (const [code, bytes] of cases) {
    for (const split of [1, bytes.length]) {
      const decode = (): void => {
        const decoder = new FrameDecoder();
        for (let from = 0; from < bytes.length; from += split) decoder.push(bytes.subarray(from, from + split));
        decoder.end();
      };
      assert.throws(decode, (fault) => fault instanceof FrameFault && fault.code === code, code);
    }
  }
});

test('encodeStream() splits at the largest payload, which a decoder takes', () => {
  const content = Buffer.alloc(2 * FRAME_PAYLOAD_BYTES_MAX + 1, 7);
  const encoded = encodeStream(9, 'input', content);
  assert.deepEqual(
    encoded.map((frame) => frame.length - FRAME_HEADER_BYTES),
    [FRAME_PAYLOAD_BYTES_MAX, FRAME_PAYLOAD_BYTES_MAX, 1],
  );
  const decoder = new FrameDecoder();
  assert.deepEqual(Buffer.concat(encoded.flatMap((frame) => decoder.push(frame)).map(({ payload }) => payload)), content);
  assert.deepEqual(encodeStream(9, 'output', Buffer.alloc(0)), []);
});

test('encodeFrame() refuses what a decoder would', () => {
  const bad: readonly RecordingFrame[] = [
    { micros: -1, stream: 'output', payload: Buffer.alloc(0) },
    { micros: 0.5, stream: 'output', payload: Buffer.alloc(0) },
    { micros: 0, stream: 'output', payload: Buffer.alloc(FRAME_PAYLOAD_BYTES_MAX + 1) },
    { micros: 0, stream: 'resize', payload: Buffer.from('0x24') },
  ];
  for (const frame of bad) assert.throws(() => encodeFrame(frame), FrameFault);
});

test('parseResize() takes COLUMNSxROWS and nothing else', () => {
  assert.deepEqual(parseResize(Buffer.from('132x43')), { columns: 132, rows: 43 });
  for (const text of ['', '80', '80x', 'x24', '080x24', '80x24\n', '80x24x1', '100000x1', '-1x2', '８0x24'])
    assert.equal(parseResize(Buffer.from(text)), null, text);
  assert.equal(RECORDING_STREAMS.length, 4);
});
