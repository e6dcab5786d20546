import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { ArchiveFault } from '#adapters/files/archive-end.ts';
import { isArchive, openBundleArchive } from '#adapters/files/bundle-archive.ts';
import { exitCodeOf } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { loadBundle } from '#test/fixtures/memory-bundle.ts';
import { makeZip, type ZipChanges, type ZipMember } from './zip-maker.ts';

const TEXT = Buffer.from('version: 1\n'.repeat(100));
const ONE: ZipMember = { name: 'policy.yml', content: TEXT };

function put(t: TestContext, bytes: Buffer): string {
  const path = join(temporaryFolder(t), 'bundle.zip');
  writeFileSync(path, bytes);
  return path;
}

/** Everything in it, read to its end. */
async function readAll(path: string): Promise<Map<string, Buffer>> {
  const archive = await openBundleArchive(path);
  try {
    const files = new Map<string, Buffer>();
    for (const { path: name, kind, bytes } of await archive.members()) {
      if (kind !== 'file') continue;
      const pieces: Buffer[] = [];
      for await (const piece of archive.read(name, bytes)) pieces.push(Buffer.from(piece));
      files.set(name, Buffer.concat(pieces));
    }
    return files;
  } finally {
    archive.close();
  }
}

test('openBundleArchive() reads what archives may be: stored, deflated, streamed, zip64, in one folder or in none', async (t) => {
  const forms: readonly (readonly [readonly ZipMember[], ZipChanges?])[] = [
    [[ONE]],
    [[{ ...ONE, method: 0 }]],
    [[{ ...ONE, streamed: true }]],
    [[{ ...ONE, zip64: true }], { zip64: true }],
    [[{ ...ONE, zip64: true, streamed: true }], { zip64: true }],
    [
      [
        { name: 'session/', mode: 0o040755, method: 0 },
        { ...ONE, name: 'session/policy.yml' },
      ],
    ],
    [[{ ...ONE, name: 'session/policy.yml' }]],
  ];
  for (const [members, changes] of forms) {
    const path = put(t, makeZip(members, changes));
    assert.ok(isArchive(path));
    assert.deepEqual(await readAll(path), new Map([['policy.yml', TEXT]]));
  }
});

test('openBundleArchive() gives a bundle as it was, however it was packed', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t), { output: Buffer.alloc(300_000, 'terminal ') });
  const zip = join(temporaryFolder(t), 'bundle.zip');
  for (const folder of [path, join(path, '..')]) {
    const names = folder === path ? ['.'] : ['fixture-session'];
    execFileSync(
      'python3',
      [
        '-m',
        'zipfile',
        '-c',
        zip,
        ...(folder === path ? [...loadBundle(path).keys()].map((name) => name.split('/')[0] ?? '') : names),
      ].filter((name, n, all) => all.indexOf(name) === n),
      { cwd: folder },
    );
    assert.deepEqual([...(await readAll(zip))].sort(), [...loadBundle(path)].sort());
    const archive = await openBundleArchive(zip);
    const found = await verifyBundle(archive);
    archive.close();
    assert.deepEqual([found.problems, exitCodeOf(found, true)], [[], 0]);
  }
});

const LINK = 0o120777;
const other = { name: 'token.jwt', content: TEXT };
const names = [
  '../policy.yml',
  '/etc/passwd',
  'a/../b',
  './a',
  'a//b',
  'C:\\a',
  'a\\b',
  'a\0b',
  'policy.yml\n',
  '',
  ' a',
  'é',
  '.hidden',
  'a/.b',
  `${'a'.repeat(300)}`,
];

const HOSTILE: readonly (readonly [what: string, code: string, zip: () => Buffer])[] = [
  ...names.map(
    (name) => [`the name ${JSON.stringify(name.slice(0, 20))}`, 'misnamed|malformed', () => makeZip([{ ...ONE, name }])] as const,
  ),
  ['the same name twice', 'ambiguous', () => makeZip([ONE, ONE])],
  ['a second name for other readers', 'ambiguous', () => makeZip([{ ...ONE, extra: Buffer.from([0x75, 0x70, 5, 0, 1, 0, 0, 0, 0]) }])],
  ['another name where the file stands', 'ambiguous', () => makeZip([{ ...ONE, says: { name: 'token.jwtx' } }])],
  ['another method where the file stands', 'ambiguous|malformed', () => makeZip([{ ...ONE, says: { method: 0 } }])],
  ['another size where the file stands', 'ambiguous', () => makeZip([{ ...ONE, says: { bytes: 5 } }])],
  ['another checksum where the file stands', 'ambiguous', () => makeZip([{ ...ONE, says: { crc: 5 } }])],
  ['encryption', 'unsupported', () => makeZip([{ ...ONE, flags: 1 }])],
  ['strong encryption', 'unsupported|malformed', () => makeZip([{ ...ONE, flags: 0x41 }])],
  ['another method', 'unsupported', () => makeZip([{ ...ONE, method: 12 }])],
  [
    'files over one another',
    'overlap|ambiguous',
    () =>
      makeZip([
        { ...ONE, streamed: true },
        { ...ONE, name: 'policy.yml', streamed: true, says: { offset: 0 } },
      ]),
  ],
  ['a file that reaches into the directory', 'overlap|malformed', () => makeZip([{ ...ONE, streamed: true, says: { compressed: 200 } }])],
  ['something between files', 'hidden', () => makeZip([ONE, { ...other, before: Buffer.alloc(100) }])],
  ['something before the first file', 'hidden', () => makeZip([{ ...ONE, before: Buffer.alloc(100) }])],
  ['something before the directory', 'hidden', () => makeZip([ONE], { beforeDirectory: Buffer.alloc(100) })],
  ['something behind the end', 'not-an-archive', () => makeZip([ONE], { behind: Buffer.from('x') })],
  ['an archive in its comment', 'not-an-archive|ambiguous', () => makeZip([ONE], { comment: makeZip([other]) })],
  ['more files than it says', 'ambiguous', () => makeZip([ONE, other], { entries: 1 })],
  ['fewer files than it says', 'malformed', () => makeZip([ONE], { entries: 2 })],
  ['far more files than a bundle has', 'too-many', () => makeZip([ONE], { entries: 2 ** 40, zip64: true })],
  ['several disks', 'unsupported', () => makeZip([ONE], { disk: 1 })],
  ['a directory somewhere else', 'ambiguous', () => makeZip([ONE], { directoryStart: 3 })],
  ['an absurd size', 'malformed', () => makeZip([ONE], { directoryStart: Number.MAX_SAFE_INTEGER + 1, zip64: true })],
  ['nothing', 'not-an-archive', () => Buffer.alloc(0)],
  ['noise', 'not-an-archive', () => Buffer.alloc(100, 7)],
];

for (const [what, code, zip] of HOSTILE) {
  test(`openBundleArchive() refuses ${what} (R37)`, async (t) => {
    await assert.rejects(
      openBundleArchive(put(t, zip())),
      (fault) => fault instanceof ArchiveFault && code.split('|').includes(fault.code) && /^Cannot read the archive: /.test(fault.message),
    );
  });
}

test('openBundleArchive() shows links and devices as what they are, and verify refuses them (R37)', async (t) => {
  const path = put(
    t,
    makeZip([
      { ...ONE, mode: LINK },
      { ...other, mode: 0o060644 },
      { name: 'audit.jsonl', content: TEXT },
    ]),
  );
  const archive = await openBundleArchive(path);
  t.after(archive.close);
  assert.deepEqual(
    (await archive.members()).map(({ kind }) => kind),
    ['other', 'other', 'file'],
  );
  assert.equal((await verifyBundle(archive)).verdict, 'broken');
});

test('openBundleArchive() lets out no more than was declared, and says when the content is another (zip bombs)', async (t) => {
  const lies: readonly Partial<ZipMember>[] = [
    { streamed: true, says: { bytes: 5 } },
    { streamed: true, says: { bytes: TEXT.length + 1 } },
    { streamed: true, says: { crc: 5 } },
    { streamed: true, says: { bytes: 2 ** 40 }, zip64: true },
  ];
  for (const lie of lies) await assert.rejects(readAll(put(t, makeZip([{ ...ONE, ...lie }]))), { code: 'content' });
});

test('openBundleArchive() reads hundreds of megabytes of zeros in pieces', async (t) => {
  const zeros = Buffer.alloc(256 * 1024 * 1024);
  const path = put(t, makeZip([{ name: 'audit.jsonl', content: zeros }]));
  const archive = await openBundleArchive(path);
  t.after(archive.close);
  let [bytes, largest] = [0, 0];
  for await (const piece of archive.read('audit.jsonl', zeros.length)) {
    bytes += piece.length;
    largest = Math.max(largest, piece.length);
  }
  assert.equal(bytes, zeros.length);
  assert.ok(largest <= 1024 * 1024);
});

test('openBundleArchive() finishes on any change of an archive, with a fault of its own or the content as it was', async (t) => {
  const good = makeZip([ONE, { ...other, streamed: true }, { name: 'recordings/0/terminal.rec', content: TEXT, zip64: true }], {
    zip64: true,
  });
  const expected = await readAll(put(t, good));
  const folder = temporaryFolder(t);
  const path = join(folder, 'changed.zip');
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, cuts) => {
      const changed = cuts ? good.subarray(0, at) : Buffer.concat([good.subarray(0, at), Buffer.of(byte), good.subarray(at + 1)]);
      writeFileSync(path, changed);
      try {
        for (const [name, content] of await readAll(path))
          assert.deepEqual([...expected.values()].some((each) => each.equals(content)) || content.length === 0, true, name);
      } catch (fault) {
        assert.ok(fault instanceof ArchiveFault, String(fault));
      }
    }),
    { numRuns: 600, verbose: 1 },
  );
});
