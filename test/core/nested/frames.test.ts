import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeNested,
  encodeNestedBytes,
  encodeNumber,
  NESTED_PAYLOAD_BYTES_MAX,
  NESTED_REQUEST_BYTES_MAX,
  NestedDecoder,
  NestedFault,
  type NestedKind,
  numberOf,
} from '#core/nested/frames.ts';

const KINDS: readonly NestedKind[] = ['request', 'stdin', 'stdin-end', 'resize', 'signal', 'credit', 'output', 'message', 'exit'];

test('NestedDecoder gives the frames that were encoded, however their bytes are split', () => {
  const frame = fc.record({ kind: fc.constantFrom(...KINDS), payload: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(
    fc.property(fc.array(frame), fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (frames, sizes) => {
      const bytes = Buffer.concat(frames.map(({ kind, payload }) => encodeNested(kind, payload)));
      const decoder = new NestedDecoder(KINDS);
      const decoded: { kind: NestedKind; payload: Uint8Array }[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value ?? 1;
        decoded.push(
          ...decoder.push(bytes.subarray(at, at + size)).map(({ kind, payload }) => ({ kind, payload: Uint8Array.from(payload) })),
        );
        at += size;
      }
      assert.deepEqual(
        decoded,
        frames.map(({ kind, payload }) => ({ kind, payload: Uint8Array.from(payload) })),
      );
      assert.equal(decoder.pendingBytes, 0);
    }),
  );
});

test('NestedDecoder takes whatever bytes as frames or as a fault, and holds no more than one frame', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
      const decoder = new NestedDecoder(KINDS);
      try {
        for (const chunk of chunks) decoder.push(chunk);
        assert.ok(decoder.pendingBytes <= NESTED_REQUEST_BYTES_MAX + 5);
      } catch (error) {
        assert.ok(error instanceof NestedFault);
      }
    }),
  );
});

test('NestedDecoder refuses what is too long before it comes, and what has no place', () => {
  const head = (kind: number, length: number): Buffer => {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt8(kind);
    bytes.writeUInt32BE(length, 1);
    return bytes;
  };
  assert.throws(() => new NestedDecoder(['request']).push(head(1, NESTED_REQUEST_BYTES_MAX + 1)), NestedFault);
  assert.throws(() => new NestedDecoder(['stdin']).push(head(2, NESTED_PAYLOAD_BYTES_MAX + 1)), NestedFault);
  assert.throws(() => new NestedDecoder(['stdin']).push(head(1, 0)), NestedFault);
  for (const kind of [0, 10, 255]) assert.throws(() => new NestedDecoder(KINDS).push(head(kind, 0)), NestedFault);
  assert.throws(() => encodeNested('output', Buffer.alloc(NESTED_PAYLOAD_BYTES_MAX + 1)), NestedFault);
});

test('a large request costs no more than its bytes, however it is split', () => {
  const decoder = new NestedDecoder(['request']);
  const bytes = encodeNested('request', Buffer.alloc(NESTED_REQUEST_BYTES_MAX, 'x'));
  let frames = 0;
  for (let at = 0; at < bytes.length; at += 1000) frames += decoder.push(bytes.subarray(at, at + 1000)).length;
  assert.equal(frames, 1);
});

test('encodeNestedBytes() and encodeNumber() say what numberOf() and a decoder hear', () => {
  const bytes = Buffer.alloc(3 * NESTED_PAYLOAD_BYTES_MAX + 7, 'y');
  const decoder = new NestedDecoder(['stdin', 'exit']);
  const pieces = encodeNestedBytes('stdin', bytes).flatMap((frame) => decoder.push(frame).map(({ payload }) => Buffer.from(payload)));
  assert.ok(Buffer.concat(pieces).equals(bytes) && pieces.length === 4);
  const [exit] = decoder.push(encodeNumber('exit', 137));
  assert.equal(exit === undefined ? null : numberOf(exit), 137);
  assert.throws(() => numberOf({ kind: 'exit', payload: Buffer.alloc(3) }), NestedFault);
});
