import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isArchive, openBundleArchive } from '#adapters/files/bundle-archive.ts';
import { exitCodeOf } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { loadBundle } from '#test/fixtures/memory-bundle.ts';
import { ONE, OTHER, put, readAll, TEXT, testRefused } from './zip-cases.ts';
import { makeZip, type ZipMember } from './zip-maker.ts';

test('isArchive() says yes of what begins as a zip file does, and of nothing else', (t) => {
  const folder = temporaryFolder(t);
  assert.equal(isArchive(folder), false);
  const beginnings: readonly (readonly [Buffer, boolean])[] = [
    [makeZip([ONE]), true],
    [makeZip([]), true],
    [Buffer.from('PK\x03\x04'), true],
    [Buffer.from('PK\x03'), false],
    [Buffer.alloc(0), false],
    [Buffer.from('{"seq":0}\n'), false],
    [Buffer.concat([Buffer.from('x'), makeZip([ONE])]), false],
  ];
  for (const [bytes, expected] of beginnings) assert.equal(isArchive(put(t, bytes)), expected);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  assert.equal(isArchive(join(folder, 'pipe')), false);
});

test('openBundleArchive() refuses what is no regular file, and waits for none', async (t) => {
  const folder = temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const path of [folder, join(folder, 'pipe'), join(folder, 'nothing')])
    await assert.rejects(openBundleArchive(path), {
      name: 'ArchiveFault',
      code: 'unreadable',
      message: /^Cannot read the archive: .*, expected /,
    });
});

test('openBundleArchive() reads the file that a link given to it means', async (t) => {
  const link = join(temporaryFolder(t), 'link.zip');
  symlinkSync(put(t, makeZip([ONE])), link);
  assert.deepEqual([...(await readAll(link))], [['policy.yml', TEXT]]);
});

const folder = (name: string): ZipMember => ({ name, mode: 0o040755, method: 0 });
const named = (name: string): ZipMember => ({ ...ONE, name });

const PLACES: readonly (readonly [what: string, members: readonly ZipMember[], paths: readonly string[]])[] = [
  ['of nothing', [], []],
  ['at the root', [ONE, OTHER], ['policy.yml', 'token.jwt']],
  ['with its folders', [ONE, folder('recordings/'), named('recordings/0/a')], ['policy.yml', 'recordings', 'recordings/0/a']],
  ['in one folder', [named('session/policy.yml'), named('session/token.jwt')], ['policy.yml', 'token.jwt']],
  ['in one folder, and it', [folder('session/'), named('session/policy.yml')], ['policy.yml']],
  ['in one folder, and it last', [named('session/policy.yml'), folder('session/')], ['policy.yml']],
  ['in two folders, one in the other', [named('a/b/policy.yml')], ['b/policy.yml']],
  ['in two folders', [named('a/policy.yml'), named('b/policy.yml')], ['a/policy.yml', 'b/policy.yml']],
  ['in one folder with one beside it', [named('a/policy.yml'), ONE], ['a/policy.yml', 'policy.yml']],
  ["of recordings, a bundle's own folder", [named('recordings/0/a')], ['recordings/0/a']],
  ['of a folder alone', [folder('session/')], []],
];

for (const [what, members, paths] of PLACES) {
  test(`openBundleArchive() finds the bundle in an archive ${what}`, async (t) => {
    const archive = await openBundleArchive(put(t, makeZip(members)));
    t.after(archive.close);
    const found = await archive.members();
    assert.deepEqual(
      found.map(({ path }) => path),
      paths,
    );
    for (const { path, kind, bytes } of found) {
      if (kind === 'folder') continue;
      const pieces: Uint8Array[] = [];
      for await (const piece of archive.read(path, bytes)) pieces.push(piece);
      assert.deepEqual(Buffer.concat(pieces), TEXT);
    }
  });
}

testRefused([
  ['the same name twice', 'ambiguous', () => makeZip([ONE, ONE])],
  ['two names that differ in capitals', 'ambiguous', () => makeZip([ONE, named('POLICY.yml')])],
  ['a link and a file of one name', 'ambiguous', () => makeZip([{ ...ONE, mode: 0o120777 }, ONE])],
]);

test('openBundleArchive() reads no folder, no link and nothing that is not there', async (t) => {
  const archive = await openBundleArchive(put(t, makeZip([ONE, folder('recordings/'), { ...OTHER, mode: 0o120777 }])));
  t.after(archive.close);
  for (const path of ['recordings', 'recordings/', 'token.jwt', 'nothing', '__proto__', '../policy.yml'])
    assert.throws(() => archive.read(path, 9), { name: 'ArchiveFault', code: 'missing' });
});

test('openBundleArchive() shows links and devices as what they are, and verify refuses them (R37)', async (t) => {
  const archive = await openBundleArchive(
    put(t, makeZip([{ ...ONE, mode: 0o120777 }, { ...OTHER, mode: 0o060644 }, named('audit.jsonl')])),
  );
  t.after(archive.close);
  assert.deepEqual(
    (await archive.members()).map(({ kind }) => kind),
    ['other', 'other', 'file'],
  );
  const found = await verifyBundle(archive);
  assert.equal(found.verdict, 'broken');
  assert.deepEqual(
    found.problems.filter(({ what }) => what.includes('a link or a special file')).map(({ where }) => where),
    ['policy.yml', 'token.jwt'],
  );
});

/** The library with which @actions/artifact packs, as it calls it; found from there, for it is its dependency, not ours. */
const ARCHIVER = `
import { createRequire } from 'node:module';
import { createWriteStream } from 'node:fs';
const [from, out, options, ...names] = process.argv.slice(1);
const zip = createRequire(from)('archiver').create('zip', JSON.parse(options));
zip.pipe(createWriteStream(out));
for (const name of names) name.endsWith('/') ? zip.append('', { name }) : zip.file(name, { name });
await zip.finalize();
`;

type Packer = (out: string, bundle: string, names: readonly string[]) => void;

const archiver =
  (options: object): Packer =>
  (out, cwd, names) => {
    const from = fileURLToPath(import.meta.resolve('@actions/artifact'));
    const folders = new Set(names.filter((name) => name.includes('/')).map((name) => `${dirname(name)}/`));
    const all = [JSON.stringify(options), ...folders, ...names];
    execFileSync(process.execPath, ['--input-type=module', '-e', ARCHIVER, from, out, ...all], { cwd });
  };

const python =
  (below: (bundle: string) => readonly [cwd: string, names: readonly string[]]): Packer =>
  (out, bundle, names) => {
    const [cwd, only] = below(bundle);
    const tops = only.length > 0 ? only : [...new Set(names.map((name) => name.split('/')[0] ?? ''))];
    execFileSync('python3', ['-m', 'zipfile', '-c', out, ...tops], { cwd });
  };

const PACKERS: readonly (readonly [what: string, pack: Packer])[] = [
  ['the library of @actions/artifact', archiver({ zlib: { level: 6 } })],
  ['it, without compression', archiver({ zlib: { level: 0 } })],
  ['it, for large files', archiver({ forceZip64: true, zlib: { level: 6 } })],
  ["Python's zipfile", python((bundle) => [bundle, []])],
  ["Python's zipfile, in its folder", python((bundle) => [dirname(bundle), ['fixture-session']])],
];

for (const [what, pack] of PACKERS) {
  test(`openBundleArchive() gives a bundle as it was, packed by ${what}, and it verifies`, async (t: TestContext) => {
    const { path } = await makeBundle(temporaryFolder(t), { output: Buffer.alloc(1_000_000, 'terminal ') });
    const expected = loadBundle(path);
    const zip = join(temporaryFolder(t), 'bundle.zip');
    pack(zip, path, [...expected.keys()]);
    assert.deepEqual([...(await readAll(zip))].sort(), [...expected].sort());
    const archive = await openBundleArchive(zip);
    t.after(archive.close);
    const found = await verifyBundle(archive);
    assert.deepEqual([found.problems, exitCodeOf(found, true)], [[], 0]);
  });
}

test('openBundleArchive() reads files of a bundle side by side', async (t) => {
  const big = Buffer.alloc(3_000_000, 'side by side ');
  const archive = await openBundleArchive(
    put(
      t,
      makeZip([
        { ...ONE, content: big },
        { ...OTHER, content: big, method: 0 },
      ]),
    ),
  );
  t.after(archive.close);
  const [first, second] = [archive.read('policy.yml', big.length), archive.read('token.jwt', big.length)].map((pieces) =>
    pieces[Symbol.asyncIterator](),
  );
  let [a, b] = [0, 0];
  for (let ended = 0; ended < 2; ) {
    ended = 0;
    for (const iterator of [first, second]) {
      const next = await iterator?.next();
      if (next === undefined || next.done === true) ended++;
      else if (iterator === first) a += next.value.length;
      else b += next.value.length;
    }
  }
  assert.deepEqual([a, b], [big.length, big.length]);
});

test('openBundleArchive() lists as many members as a bundle has files, and tells when the file was cut under it', async (t) => {
  const members = Array.from({ length: 10_000 }, (_, n) => ({
    name: `recordings/${n}/terminal.rec`,
    content: Buffer.from(`${n}`),
    method: 0,
  }));
  const path = put(t, makeZip(members));
  const archive = await openBundleArchive(path);
  t.after(archive.close);
  assert.equal((await archive.members()).length, 10_000);
  for await (const piece of archive.read('recordings/9999/terminal.rec', 9)) assert.equal(Buffer.from(piece).toString(), '9999');
  writeFileSync(path, '');
  await assert.rejects(
    async () => {
      for await (const piece of archive.read('recordings/1/terminal.rec', 9)) assert.ok(piece);
    },
    { code: 'content' },
  );
});
