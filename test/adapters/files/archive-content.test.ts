import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { readStored, type Stored } from '#adapters/files/archive-content.ts';
import { put, TEXT } from './zip-cases.ts';

const MIB = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

function stored(t: TestContext, data: Buffer, says: Partial<Stored>): [fd: number, stored: Stored] {
  const fd = openSync(put(t, data), 'r');
  t.after(() => closeSync(fd));
  return [fd, { name: 'a', bytes: TEXT.length, compressed: data.length, method: 8, crc: crc32(TEXT), start: 0, ...says }];
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}

test('readStored() gives as much as is wanted', async (t) => {
  for (const [data, method] of [
    [deflateRawSync(TEXT), 8],
    [TEXT, 0],
  ] as const) {
    const [fd, file] = stored(t, data, { method });
    for (const wanted of [0, 1, 500, TEXT.length, TEXT.length + 1])
      assert.deepEqual(await all(readStored(fd, file, wanted)), TEXT.subarray(0, wanted));
  }
});

test('readStored() gives files of no bytes', async (t) => {
  for (const [data, method] of [
    [deflateRawSync(Buffer.alloc(0)), 8],
    [Buffer.alloc(0), 0],
  ] as const)
    assert.equal((await all(readStored(...stored(t, data, { method, bytes: 0, crc: 0 }), 9))).length, 0);
});

const packed = deflateRawSync(TEXT);
const LIES: readonly (readonly [what: string, data: Buffer, says: Partial<Stored>])[] = [
  ['fewer bytes than declared', packed, { bytes: TEXT.length + 1 }],
  ['far fewer bytes than declared', packed, { bytes: Number.MAX_SAFE_INTEGER }],
  ['more bytes than declared', packed, { bytes: TEXT.length - 1 }],
  ['something where nothing is declared', packed, { bytes: 0, crc: 0 }],
  ['another content', packed, { crc: 5 }],
  ['another stored content', TEXT, { method: 0, crc: 5 }],
  ['stored data cut off', TEXT, { method: 0, compressed: 2 * TEXT.length, bytes: 2 * TEXT.length }],
  ['data cut off', packed.subarray(0, -1), {}],
  ['data that is not deflated', Buffer.alloc(50, 7), {}],
  ['no data', Buffer.alloc(0), {}],
  ['one byte behind the data', Buffer.concat([packed, Buffer.of(0)]), {}],
  ['a second stream behind the first', Buffer.concat([packed, packed]), {}],
  ['much behind the data', Buffer.concat([packed, Buffer.alloc(MIB)]), {}],
];

for (const [what, data, says] of LIES) {
  test(`readStored() tells ${what} (R37)`, async (t) => {
    await assert.rejects(all(readStored(...stored(t, data, says), Number.MAX_SAFE_INTEGER)), {
      name: 'ArchiveFault',
      code: 'content',
      message: /^Cannot read a: .*, expected /,
    });
  });
}

/** As many mebibytes of zeros, without having them: one block of a stream, again and again, and its end. */
function zeros(mebibytes: number): { readonly data: Buffer; readonly crc: number } {
  const one = Buffer.alloc(MIB);
  const block = deflateRawSync(one, { finishFlush: constants.Z_FULL_FLUSH });
  let crc = 0;
  for (let done = 0; done < mebibytes; done++) crc = crc32(one, crc);
  return { data: Buffer.concat([...Array.from({ length: mebibytes }, () => block), deflateRawSync(Buffer.alloc(0))]), crc };
}

/** Bytes of buffers that somebody still has. What is free is given back a little later than it is found to be. */
function counter(): () => Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return async () => {
    for (let round = 0; round < 3; round++) {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate); // whoever runs ahead has the time to
      collect();
    }
    return process.memoryUsage().arrayBuffers;
  };
}

test('readStored() holds a few pieces of a bomb of 1 GiB, however slowly it is read', async (t) => {
  const { data, crc } = zeros(1024);
  const [fd, file] = stored(t, data, { bytes: 1024 * MIB, crc });
  const count = counter();
  const before = await count();
  let [bytes, largest, held, pieces] = [0, 0, 0, 0];
  for await (const piece of readStored(fd, file, file.bytes)) {
    bytes += piece.length;
    largest = Math.max(largest, piece.length);
    if (pieces++ % 256 === 0) held = Math.max(held, (await count()) - before);
  }
  assert.equal(bytes, 1024 * MIB);
  assert.ok(largest <= PIECE_BYTES, `a piece of ${largest}`);
  assert.ok(held <= 16 * PIECE_BYTES, `${held} bytes held`);
});

test('readStored() gives nothing beyond the declared bytes of a bomb', async (t) => {
  const { data, crc } = zeros(64);
  const [fd, file] = stored(t, data, { bytes: MIB, crc });
  let bytes = 0;
  await assert.rejects(
    async () => {
      for await (const piece of readStored(fd, file, Number.MAX_SAFE_INTEGER)) bytes += piece.length;
    },
    { code: 'content' },
  );
  assert.ok(bytes <= MIB, `${bytes} came out`);
});

test('readStored() reads no further than is wanted', async (t) => {
  const [fd, file] = stored(t, zeros(64).data, { bytes: 64 * MIB, crc: 5 });
  assert.equal((await all(readStored(fd, file, MIB))).length, MIB);
  await assert.rejects(all(readStored(fd, file, file.bytes)), { code: 'content' });
});

test('readStored() ends when nobody wants more', async (t) => {
  const { data, crc } = zeros(64);
  const [fd, file] = stored(t, data, { bytes: 64 * MIB, crc });
  for await (const piece of readStored(fd, file, file.bytes)) {
    assert.ok(piece.length > 0);
    break;
  }
  assert.equal((await all(readStored(fd, file, 5))).length, 5);
});
