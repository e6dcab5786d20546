import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { ONE, OTHER, put, readAll, TEXT, testRefused } from './zip-cases.ts';
import { extra, makeZip, u32, u64, type ZipMember } from './zip-maker.ts';

test('locate() finds data behind every form of header and descriptor (APPNOTE 4.3.7, 4.3.9)', async (t) => {
  const streamed = { ...ONE, streamed: true };
  const zeros = extra(1, Buffer.alloc(16));
  const mark = 0xffff_ffff;
  const forms: readonly ZipMember[] = [
    ...([12, 16, 20, 24] as const).map((descriptor) => ({ ...streamed, descriptor })),
    { ...streamed, zip64: true },
    { ...streamed, method: 0 },
    { ...streamed, local: { bytes: TEXT.length, compressed: deflateRawSync(TEXT).length, crc: crc32(TEXT) } },
    { ...streamed, zip64: true, local: { bytes: mark, compressed: mark, extra: zeros } },
    { ...ONE, local: { extra: extra(0x5455, Buffer.alloc(9)) } },
    { ...ONE, zip64: true },
  ];
  for (const form of forms) {
    const files = await readAll(put(t, makeZip([form, OTHER])));
    assert.deepEqual(
      [...files],
      [
        ['policy.yml', TEXT],
        ['token.jwt', TEXT],
      ],
    );
  }
});

test('locate() takes files in another order than the directory has them', async (t) => {
  const zip = makeZip([ONE, { ...OTHER, content: Buffer.from('other') }]);
  const [first, second] = [zip.indexOf(u32(0x02014b50)), zip.lastIndexOf(u32(0x02014b50))];
  const end = zip.length - 22;
  const turned = Buffer.concat([zip.subarray(0, first), zip.subarray(second, end), zip.subarray(first, second), zip.subarray(end)]);
  assert.deepEqual(
    [...(await readAll(put(t, turned)))],
    [
      ['token.jwt', Buffer.from('other')],
      ['policy.yml', TEXT],
    ],
  );
});

const streamed = { ...ONE, streamed: true };
const size = deflateRawSync(TEXT).length;
const ROOM = Buffer.alloc(100, 'hidden');

/** Fifield's bomb: many names, one kernel of data. */
function sharedKernel(): Buffer {
  return makeZip([ONE, ...Array.from({ length: 50 }, (_, n) => ({ ...ONE, name: `file-${n}`, central: { offset: 0 } }))]);
}

/** His better one: the data of a file holds the next one's header as a stored block, and goes on with that one's data. */
function quotedHeader(): Buffer {
  const [data, headerBytes] = [deflateRawSync(TEXT), 31];
  const header = makeZip([{ name: 'b', content: TEXT }]).subarray(0, headerBytes);
  const quote = Buffer.from([0, headerBytes, 0, 255 - headerBytes, 255]);
  const content = Buffer.concat([header, TEXT]);
  return makeZip([
    { name: 'a', packed: { data: Buffer.concat([quote, header, data]), bytes: content.length, crc: crc32(content) } },
    { name: 'b', content: TEXT, central: { offset: headerBytes + quote.length } },
  ]);
}

testRefused([
  [
    'a streamed file with another packed size behind it',
    'ambiguous',
    () => makeZip([{ ...streamed, descriptor: Buffer.concat([u32(crc32(TEXT)), u32(5), u32(TEXT.length)]) }]),
  ],
  ['another name where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { name: 'token.jwt!' } }])],
  ['the same name in capitals where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { name: 'POLICY.YML' } }])],
  ['another method where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { method: 0 } }])],
  ['another size where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { bytes: 5 } }])],
  ['another packed size where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { compressed: size - 1 } }])],
  ['no sizes where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { bytes: 0, compressed: 0, crc: 0 } }])],
  ['another checksum where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { crc: 5 } }])],
  ['encryption where the file stands only', 'ambiguous', () => makeZip([{ ...ONE, local: { flags: 1 } }])],
  ['streaming in the directory only', 'ambiguous', () => makeZip([{ ...ONE, central: { flags: 8 } }])],
  ['streaming where the file stands only', 'ambiguous', () => makeZip([{ ...streamed, central: { flags: 0 } }])],
  ['another size in the zip64 field where the file stands', 'ambiguous', () => makeZip([{ ...ONE, zip64: true, local: { bytes: 5 } }])],
  [
    'marks without sizes where the file stands',
    'ambiguous',
    () => makeZip([{ ...ONE, local: { bytes: 0xffff_ffff, compressed: 0xffff_ffff } }]),
  ],
  ['a second name where the file stands', 'ambiguous', () => makeZip([{ ...ONE, local: { extra: extra(0x7075, Buffer.alloc(9)) } }])],
  ['a streamed file with another size before it', 'ambiguous', () => makeZip([{ ...streamed, local: { bytes: 5 } }])],
  [
    'a streamed file with another checksum behind it',
    'ambiguous',
    () => makeZip([{ ...streamed, descriptor: Buffer.concat([u32(0x08074b50), u32(5), u32(size), u32(TEXT.length)]) }]),
  ],
  [
    'a streamed file with another size behind it',
    'ambiguous',
    () => makeZip([{ ...streamed, descriptor: Buffer.concat([u32(crc32(TEXT)), u32(size), u32(5)]) }]),
  ],
  [
    'a streamed file with another large size behind it',
    'ambiguous',
    () => makeZip([{ ...streamed, descriptor: Buffer.concat([u32(crc32(TEXT)), u64(size), u64(5)]) }]),
  ],
  [
    'a streamed file with an absurd size behind it',
    'malformed',
    () => makeZip([{ ...streamed, descriptor: Buffer.concat([u32(crc32(TEXT)), u64(size), u64(2n ** 63n)]) }]),
  ],
  [
    'a streamed file with another signature behind it',
    'ambiguous',
    () => makeZip([{ ...streamed, descriptor: Buffer.concat([u32(0x08074b51), u32(crc32(TEXT)), u32(size), u32(TEXT.length)]) }]),
  ],
  ['a streamed file with nothing behind it', 'hidden', () => makeZip([{ ...streamed, descriptor: Buffer.alloc(0) }])],
  ['a streamed file with more behind it', 'hidden', () => makeZip([{ ...streamed, descriptor: Buffer.alloc(40) }])],
  ['no file where the directory says one', 'malformed', () => makeZip([{ ...ONE, local: { signature: 5 } }])],
  ['a file that is another', 'overlap', () => makeZip([ONE, { ...OTHER, central: { offset: 0 } }])],
  ['a file that is the directory', 'hidden', () => makeZip([{ ...ONE, central: { offset: 30 + 10 + size } }])],
  ['a file behind the directory', 'overlap', () => makeZip([ONE, { ...OTHER, central: { offset: 1_000_000 } }])],
  ['a file that reaches into the directory', 'overlap', () => makeZip([{ ...streamed, central: { compressed: size + 50 } }])],
  ['a file that reaches into the next', 'overlap', () => makeZip([{ ...streamed, central: { compressed: size + 50 } }, OTHER])],
  ['a bomb of many names over one piece of data', 'overlap', sharedKernel],
  ['a bomb of headers quoted in data', 'overlap', quotedHeader],
  ['something before the first file', 'hidden', () => makeZip([{ ...ONE, before: ROOM }])],
  ['one byte between files', 'hidden', () => makeZip([ONE, { ...OTHER, before: Buffer.from('x') }])],
  ['something as long as a descriptor between files', 'hidden', () => makeZip([ONE, { ...OTHER, before: Buffer.alloc(16) }])],
  ['something before the directory', 'hidden', () => makeZip([ONE], { beforeDirectory: ROOM })],
  ['something before a directory without files', 'hidden', () => makeZip([], { beforeDirectory: ROOM })],
  [
    'a file that the directory has not',
    'hidden',
    () => {
      const zip = makeZip([OTHER]);
      return makeZip([ONE], { beforeDirectory: zip.subarray(0, zip.indexOf(u32(0x02014b50))) });
    },
  ],
]);
