import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type DirectoryEntry, readDirectory } from '#adapters/files/archive-directory.ts';
import { readEnd } from '#adapters/files/archive-end.ts';
import { BUNDLE_MEMBERS_MAX } from '#core/verify/bundle-reader.ts';
import { type Hostile, ONE, OTHER, put, TEXT, testRefused } from './zip-cases.ts';
import { extra, makeZip } from './zip-maker.ts';

function directory(t: TestContext, zip: Buffer): readonly DirectoryEntry[] {
  const fd = openSync(put(t, zip), 'r');
  try {
    return readDirectory(fd, readEnd(fd));
  } finally {
    closeSync(fd);
  }
}

test('readDirectory() gives what the entries say, of small and of large ones', (t) => {
  const large = { name: 'recordings/0/terminal.rec', content: TEXT, method: 0, zip64: true };
  const [small, other] = directory(t, makeZip([{ ...ONE, flags: 0x800, streamed: true }, large], { zip64: true }));
  assert.deepEqual([small?.name, small?.kind, small?.bytes, small?.method, small?.flags], ['policy.yml', 'file', TEXT.length, 8, 0x808]);
  assert.deepEqual([other?.name, other?.bytes, other?.compressed, other?.method], [large.name, TEXT.length, TEXT.length, 0]);
  assert.ok(other?.offset !== undefined && other.offset > 0);
});

test('readDirectory() takes sizes beyond 4 GiB from the zip64 field', (t) => {
  const bytes = 5 * 2 ** 30;
  const [entry] = directory(t, makeZip([{ ...ONE, zip64: true, central: { bytes } }], { zip64: true }));
  assert.equal(entry?.bytes, bytes);
});

const KINDS: readonly (readonly [what: string, name: string, attributes: object, kind: DirectoryEntry['kind']])[] = [
  ['a regular file', 'a', { mode: 0o100644 }, 'file'],
  ['a file of a system without modes', 'a', { external: 0x20, madeBy: 0 }, 'file'],
  ['a link', 'a', { mode: 0o120777 }, 'other'],
  ['a link that says MS-DOS made it', 'a', { mode: 0o120777, madeBy: 0 }, 'other'],
  ['a link that says macOS made it', 'a', { mode: 0o120777, madeBy: 19 }, 'other'],
  ['a block device', 'a', { mode: 0o060644 }, 'other'],
  ['a character device', 'a', { mode: 0o020644 }, 'other'],
  ['a pipe', 'a', { mode: 0o010644 }, 'other'],
  ['a socket', 'a', { mode: 0o140644 }, 'other'],
  ['a folder with the name of a file', 'a', { mode: 0o040755 }, 'other'],
  ["MS-DOS's folder with the name of a file", 'a', { external: 0x10, madeBy: 0 }, 'other'],
  ["a volume's name", 'a', { external: 0x08, madeBy: 0 }, 'other'],
  ['a folder', 'a/', { mode: 0o040755 }, 'folder'],
  ['a folder of a system without modes', 'a/', { external: 0x10, madeBy: 0 }, 'folder'],
  ['a link with the name of a folder', 'a/', { mode: 0o120777 }, 'other'],
  ['a file with the name of a folder', 'a/', { mode: 0o100644 }, 'other'],
  ['a folder with content', 'a/', { mode: 0o040755, content: TEXT }, 'other'],
];

for (const [what, name, attributes, kind] of KINDS) {
  test(`readDirectory() says ${kind} of ${what} (R37)`, (t) => {
    assert.equal(directory(t, makeZip([{ name, ...attributes }]))[0]?.kind, kind);
  });
}

const NAMES: readonly (string | Buffer)[] = [
  '..',
  '../policy.yml',
  'a/..',
  'a/../b',
  '/etc/passwd',
  '/',
  '//',
  '.',
  './a',
  'a/.',
  'a//b',
  'a//',
  'C:/a',
  'C:a',
  'C:\\a',
  'a\\b',
  'a\0b',
  'a\0',
  'policy.yml\n',
  '\u001b[2J',
  '',
  ' a',
  'a b',
  'a:stream',
  '~',
  'é',
  Buffer.from([0x61, 0xff]),
  Buffer.from([0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x61]),
  '\u202eyml',
  '.hidden',
  'a/.b',
  'a'.repeat(257),
  `${'a/'.repeat(8)}b`,
  'a'.repeat(0xffff),
];

testRefused(
  NAMES.map(
    (name): Hostile => [`the name ${JSON.stringify(name.toString('latin1').slice(0, 20))}`, 'misnamed', () => makeZip([{ ...ONE, name }])],
  ),
);

const flagged = (bit: number): Hostile => [`flag ${bit}`, 'unsupported', () => makeZip([{ ...ONE, flags: 1 << bit }])];

testRefused([
  ...[0, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15].map(flagged),
  ...[1, 6, 9, 12, 14, 93, 95, 98, 99].map((method): Hostile => [`method ${method}`, 'unsupported', () => makeZip([{ ...ONE, method }])]),
  ['an entry on another disk', 'unsupported', () => makeZip([{ ...ONE, central: { disk: 1 } }])],
  ['an entry with a comment', 'ambiguous', () => makeZip([{ ...ONE, central: { comment: Buffer.from('x') } }])],
  ['extra fields without end', 'ambiguous', () => makeZip([{ ...ONE, central: { extra: extra(0x5455, Buffer.alloc(2000)) } }])],
  ['a stored file of two sizes', 'ambiguous', () => makeZip([{ ...ONE, method: 0, central: { bytes: 5 } }])],
  [
    'a stored file of two sizes wherever it says them',
    'ambiguous',
    () => makeZip([{ ...ONE, method: 0, packed: { data: TEXT, bytes: 5, crc: 5 } }]),
  ],
  ['an entry that is none', 'malformed', () => makeZip([{ ...ONE, central: { signature: 5 } }])],
  ['more files than it says', 'ambiguous', () => makeZip([ONE, OTHER], { end: { entries: 1, entriesHere: 1 } })],
  ['fewer files than it says', 'ambiguous', () => makeZip([ONE], { end: { entries: 2, entriesHere: 2 } })],
  ['no file where it says one', 'ambiguous', () => makeZip([], { end: { entries: 1, entriesHere: 1 } })],
  ['files where it says none', 'ambiguous', () => makeZip([ONE], { end: { entries: 0, entriesHere: 0 } })],
  ['a size of 2^63', 'malformed', () => makeZip([{ ...ONE, zip64: true, central: { bytes: 2n ** 63n } }], { zip64: true })],
  ['a size of 2^64 - 1', 'malformed', () => makeZip([{ ...ONE, zip64: true, central: { compressed: 2n ** 64n - 1n } }], { zip64: true })],
  ['a place at 2^63', 'malformed', () => makeZip([{ ...ONE, zip64: true, central: { offset: 2n ** 63n } }], { zip64: true })],
  [
    'one member more than a bundle can have',
    'too-many',
    () => makeZip([], { end: { entries: BUNDLE_MEMBERS_MAX + 1, entriesHere: BUNDLE_MEMBERS_MAX + 1 } }),
  ],
  ['2^52 members, without room for them', 'too-many', () => makeZip([ONE], { zip64: true, end64: { entries: 2 ** 52 } })],
]);
