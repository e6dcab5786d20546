import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { createDecrypt } from '#adapters/encryption/age.ts';
import type { Keeps } from '#core/audit/entry.ts';
import type { Decrypt } from '#core/verify/recording-content.ts';
import { type Outside, verifyBundle } from '#core/verify/verify-bundle.ts';
import { type BundleOptions, KEEPS, makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { type BundleFiles, loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

type Folders = Parameters<typeof temporaryFolder>[0];

const make = async (t: Folders, options: BundleOptions): Promise<BundleFiles> =>
  loadBundle((await makeBundle(temporaryFolder(t), options)).path);
const verify = (files: BundleFiles, outside: Outside = {}) => verifyBundle(memoryReader(files), outside);
const without = (files: BundleFiles, ...paths: string[]): BundleFiles => new Map([...files].filter(([path]) => !paths.includes(path)));

async function encrypted(t: Folders): Promise<{ files: BundleFiles; decrypt: Decrypt; stranger: Decrypt }> {
  const [ann, eve] = [await generateIdentity(), await generateIdentity()];
  const recipients = [await identityToRecipient(ann)];
  const files = await make(t, { keeps: { ...KEEPS, recordings: 'encrypted', recipients } });
  return { files, decrypt: createDecrypt([ann]), stranger: createDecrypt([eve]) };
}

test('verifyBundle() verifies encrypted recordings without the key, and with it what is in them', async (t) => {
  const { files, decrypt, stranger } = await encrypted(t);
  assert.ok(files.has('recordings/0/terminal.rec.age') && ![...files.keys()].some((path) => path.endsWith('.cast')));
  const blind = await verify(files);
  assert.deepEqual([blind.verdict, blind.counts.recordings, blind.notes.length], ['sealed', 1, 1]);
  assert.match(blind.notes[0] ?? '', /--identity/);
  assert.deepEqual((await verify(files, { decrypt })).notes, []);
  assert.match((await verify(files, { decrypt: stranger })).notes[0] ?? '', /no identity given opens it/);
});

test('verifyBundle() finds each changed byte of an encrypted recording, with and without the key', async (t) => {
  const { files, decrypt } = await encrypted(t);
  const path = 'recordings/0/terminal.rec.age';
  const content = files.get(path) ?? assert.fail();
  for (let at = 0; at < content.length; at += 17) {
    const changed = Buffer.from(content);
    changed[at] = (changed[at] ?? 0) ^ 1;
    for (const outside of [{}, { decrypt }]) assert.equal((await verify(new Map([...files, [path, changed]]), outside)).verdict, 'broken');
  }
});

test('verifyBundle() finds recordings other than the session entry says are kept', async (t) => {
  const kept: readonly (readonly [Keeps['recordings'], 'sealed' | 'broken'])[] = [
    ['full', 'sealed'],
    ['encrypted', 'broken'],
    ['none', 'broken'],
  ];
  for (const [recordings, verdict] of kept) {
    const files = await make(t, { tamper: (entry) => ({ ...entry, keeps: { ...entry.keeps, recordings } }) });
    assert.equal((await verify(files)).verdict, verdict, recordings);
  }
  assert.equal((await verify(await make(t, { keeps: { ...KEEPS, recordings: 'none' } }))).verdict, 'sealed');
});

test('verifyBundle() reads recordings that are continued in other files, each with casts of its own', async (t) => {
  const files = await make(t, { fileBytesMax: 40, pauses: [1, 2, 3] });
  const names = [...files.keys()].filter((path) => path.startsWith('recordings/')).length;
  assert.ok(names >= 9 && names % 3 === 0, `${names} files`);
  const found = await verify(files);
  assert.deepEqual([found.verdict, found.counts.recordings], ['sealed', names / 3]);
  for (const path of files.keys())
    if (path.startsWith('recordings/')) assert.equal((await verify(without(files, path))).verdict, 'broken', path);
});
