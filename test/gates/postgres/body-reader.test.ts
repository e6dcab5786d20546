import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BodyReader } from '#gates/postgres/body-reader.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';

/** A reader of this body in the middle of other bytes, so that reading past its end would be seen. */
function readerOf(...parts: readonly (string | readonly number[])[]): BodyReader {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return new BodyReader(Buffer.concat([Buffer.from('before\0?LLLL'), body, Buffer.from('\0after\0')]), 7, 12 + body.length);
}

test('reads numbers, bytes, values and strings in order, to the end', () => {
  const reader = readerOf(
    [7],
    [0xff, 0xfe],
    [0xff, 0xfe],
    [0, 0, 1, 0],
    [0xff, 0xff, 0xff, 0xff],
    'abc',
    [0, 0, 0, 2],
    'xy',
    [255, 255, 255, 255],
    'é\0',
  );
  assert.equal(reader.byte(), 7);
  assert.equal(reader.int16(), -2);
  assert.equal(reader.uint16(), 0xfffe);
  assert.equal(reader.int32(), 256);
  assert.equal(reader.uint32(), 0xffffffff);
  assert.equal(reader.bytes(3).toString(), 'abc');
  assert.equal(reader.value()?.toString(), 'xy');
  assert.equal(reader.value(), null);
  assert.equal(reader.name(), 'é');
  assert.ok(reader.atEnd());
  reader.done();
});

const BROKEN: readonly (readonly [what: string, body: readonly number[], read: (reader: BodyReader) => unknown])[] = [
  ['a byte of nothing', [], (reader) => reader.byte()],
  ['a number cut short', [0, 0, 0], (reader) => reader.int32()],
  ['bytes past the end', [1, 2], (reader) => reader.bytes(3)],
  ['bytes of negative length', [1, 2], (reader) => reader.bytes(-1)],
  ['a value past the end', [0, 0, 0, 9, 1], (reader) => reader.value()],
  ['a value of length -2', [255, 255, 255, 254], (reader) => reader.value()],
  ['a value of the largest length', [127, 255, 255, 255], (reader) => reader.value()],
  ['a string that ends in the next message', [65, 66], (reader) => reader.zeroTerminated()],
  ['a string of nothing', [], (reader) => reader.zeroTerminated()],
  ['bytes behind the end', [1], (reader) => reader.done()],
  ['a name that is not UTF-8', [0xc3, 0x28, 0], (reader) => reader.name()],
];

test('throws ProtocolViolation for what is not there', () => {
  for (const [what, body, read] of BROKEN) assert.throws(() => read(readerOf(body)), ProtocolViolation, what);
});

test('name() takes 63 bytes and refuses 64, which the server would cut to a name it may know', () => {
  assert.equal(readerOf(`${'s'.repeat(63)}\0`).name(), 's'.repeat(63));
  assert.throws(() => readerOf(`${'s'.repeat(64)}\0`).name(), ProtocolViolation);
  assert.throws(() => readerOf(`${'é'.repeat(32)}\0`).name(), ProtocolViolation);
});

test('name() keeps the bytes, so that different ones are different names, or refuses them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 1, maxLength: 12 }), (bytes) => {
      try {
        assert.deepEqual(Buffer.from(readerOf([...bytes, 0]).name()), Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
    }),
    { numRuns: 500 },
  );
});
