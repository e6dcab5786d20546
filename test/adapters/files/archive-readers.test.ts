import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBufferPromise } from 'yauzl';
import { ArchiveFault } from '#adapters/files/archive-fault.ts';
import { openBundleArchive } from '#adapters/files/bundle-archive.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { makeZip, u16, u32, u64 } from './zip-maker.ts';

/** One of every form. */
const SHORT = Buffer.from('version: 1\n');
const GOOD: readonly Buffer[] = [
  makeZip([
    { name: 'policy.yml', content: SHORT },
    { name: 'recordings/', mode: 0o040755, method: 0 },
    { name: 'recordings/0/terminal.rec', content: Buffer.alloc(200, 'ab'), streamed: true },
    { name: 'token.jwt', content: Buffer.from('token'), method: 0 },
  ]),
  makeZip(
    [
      { name: 'policy.yml', content: SHORT, zip64: true },
      { name: 'audit.jsonl', content: Buffer.alloc(100, 'c'), streamed: true, zip64: true },
      { name: 'token.jwt', content: Buffer.from('token'), method: 0, streamed: true, descriptor: 12 },
    ],
    { zip64: true },
  ),
];

/** Name of each file, and the digest of its content. */
type Seen = ReadonlyMap<string, string>;

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(Uint8Array.from(piece));
  return Buffer.concat(read);
}

async function ours(path: string): Promise<Seen> {
  const archive = await openBundleArchive(path);
  try {
    const seen = new Map<string, string>();
    for (const { path: name, kind, bytes } of await archive.members())
      if (kind === 'file') seen.set(name, digest(await whole(archive.read(name, bytes))));
      else if (kind === 'other') throw new ArchiveFault('missing', 'verify refuses it');
    return seen;
  } finally {
    archive.close();
  }
}

/** As another library reads it; null where that refuses. */
async function yauzl(zip: Buffer): Promise<Seen | null> {
  try {
    const seen = new Map<string, string>();
    const archive = await fromBufferPromise(zip, { lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      seen.set(entry.fileName, digest(await whole(await archive.openReadStreamPromise(entry))));
    }
    return seen;
  } catch {
    return null;
  }
}

type Change = (zip: Buffer) => Buffer;

const place = fc.nat({ max: 2000 });
const overwrite = (at: number, bytes: Buffer, zip: Buffer): Buffer => {
  const start = at % zip.length;
  return Buffer.concat([zip.subarray(0, start), bytes, zip.subarray(start + bytes.length)]).subarray(0, zip.length);
};
const edges = fc.constantFrom(
  u16(0),
  u16(0xffff),
  u32(0),
  u32(0xffff_ffff),
  u64(0),
  u64(2n ** 63n),
  u64(2n ** 64n - 1n),
  u32(0x06054b50),
  u32(0x07064b50),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat({ max: 7 })).map(
    ([at, bit]): Change =>
      (zip) =>
        overwrite(at, Buffer.of((zip[at % zip.length] ?? 0) ^ (1 << bit)), zip),
  ),
  fc.tuple(place, fc.nat({ max: 255 })).map(
    ([at, byte]): Change =>
      (zip) =>
        overwrite(at, Buffer.of(byte), zip),
  ),
  fc.tuple(place, edges).map(
    ([at, bytes]): Change =>
      (zip) =>
        overwrite(at, bytes, zip),
  ),
  fc.tuple(place, place, fc.nat({ max: 64 })).map(
    ([from, to, bytes]): Change =>
      (zip) =>
        overwrite(to, zip.subarray(from % zip.length).subarray(0, bytes), zip),
  ),
  fc.tuple(place, fc.nat({ max: 64 })).map(
    ([at, bytes]): Change =>
      (zip) =>
        Buffer.concat([zip.subarray(0, at % zip.length), zip.subarray((at % zip.length) + bytes)]),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 30 })).map(
    ([at, more]): Change =>
      (zip) =>
        Buffer.concat([zip.subarray(0, at % zip.length), more, zip.subarray(at % zip.length)]),
  ),
);

/** Both readers of all the archives that we read, in one go. */
const PYTHON = `
import hashlib, json, sys, zipfile
answers = []
for path in json.load(sys.stdin):
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            answers.append([[info.filename, hashlib.sha256(archive.read(info)).hexdigest()] for info in files])
    except Exception:
        answers.append(None)
json.dump(answers, sys.stdout)
`;

function python(paths: readonly string[]): readonly (Seen | null)[] {
  const answers: (readonly [string, string][] | null)[] = JSON.parse(
    execFileSync('python3', ['-c', PYTHON], { input: JSON.stringify(paths) }).toString(),
  );
  return answers.map((files) => (files === null ? null : new Map(files)));
}

const sorted = (seen: Seen): readonly (readonly [string, string])[] => [...seen].sort();

test('openBundleArchive() refuses every beginning of an archive', async (t) => {
  const path = join(temporaryFolder(t), 'cut.zip');
  for (const zip of GOOD) {
    for (let bytes = 0; bytes < zip.length; bytes++) {
      writeFileSync(path, zip.subarray(0, bytes));
      await assert.rejects(openBundleArchive(path), ArchiveFault);
    }
  }
});

test('openBundleArchive() answers any change of an archive with a fault, or with what every other reader sees (R37)', async (t) => {
  const folder = temporaryFolder(t);
  const read: { readonly path: string; readonly seen: Seen }[] = [];
  let agreed = 0;
  const path = join(folder, 'changed.zip');
  const keep = (zip: Buffer, seen: Seen): void => {
    read.push({ path: join(folder, `${read.length}.zip`), seen });
    writeFileSync(join(folder, `${read.length - 1}.zip`), zip);
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GOOD), fc.array(change, { minLength: 1, maxLength: 2 }), async (good, changes) => {
      const zip = changes.reduce((changed, each) => each(changed), good);
      writeFileSync(path, zip);
      let seen: Seen;
      try {
        seen = await ours(path);
      } catch (fault) {
        assert.ok(fault instanceof ArchiveFault, String(fault));
        return;
      }
      const other = await yauzl(zip);
      if (other !== null) {
        assert.deepEqual(sorted(seen), sorted(other));
        agreed++;
      }
      keep(zip, seen);
    }),
    { numRuns: 2000 },
  );
  assert.ok(agreed > 20, `only ${agreed} were read by both`);
  for (const [index, other] of python(read.map((each) => each.path)).entries()) {
    const mine = read[index];
    if (other !== null && mine !== undefined) assert.deepEqual(sorted(mine.seen), sorted(other), mine.path);
  }
});
