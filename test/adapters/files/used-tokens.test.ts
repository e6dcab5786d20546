import assert from 'node:assert/strict';
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openUsedTokens, USED_TOKENS_MAX, type UsedTokens } from '#adapters/files/used-tokens.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const NOW_MS = 1_700_000_000_000;
const TOKEN = { issuer: 'https://issuer.example', jti: 'one', untilSeconds: NOW_MS / 1000 + 300 };

function openIn(t: TestContext, folder: string, nowMs = NOW_MS): UsedTokens {
  const used = openUsedTokens(folder, () => nowMs);
  t.after(() => used.close());
  return used;
}

const makeFolder = (t: TestContext) => join(temporaryFolder(t), 'deep', 'used');

test('use() is true once', (t) => {
  const used = openIn(t, makeFolder(t));
  assert.equal(used.has(TOKEN), false);
  assert.equal(used.use(TOKEN), true);
  assert.equal(used.has(TOKEN), true);
  assert.equal(used.use(TOKEN), false);
  assert.equal(used.use({ ...TOKEN, untilSeconds: TOKEN.untilSeconds + 1 }), false);
});

test('use() keeps tokens and issuers apart, whatever their names', (t) => {
  const used = openIn(t, makeFolder(t));
  const names = ['one', 'One', '../one', 'one/', '', '\0', 'one\n', 'x'.repeat(10_000)];
  for (const jti of names) assert.equal(used.use({ ...TOKEN, jti }), true, jti);
  for (const jti of names) assert.equal(used.use({ ...TOKEN, issuer: 'https://other.example', jti }), true, jti);
  assert.equal(used.use({ ...TOKEN, issuer: 'https://issuer.exampleone', jti: '' }), true);
});

test('use() is remembered by whoever comes later, and by others at the same time', (t) => {
  const folder = makeFolder(t);
  const [one, other] = [openIn(t, folder), openIn(t, folder)];
  assert.equal(one.use(TOKEN), true);
  assert.equal(other.use(TOKEN), false);
  assert.equal(openIn(t, folder).has(TOKEN), true);
});

test('use() forgets tokens that are too old to be used, and no others', (t) => {
  const folder = makeFolder(t);
  openIn(t, folder).use(TOKEN);
  openIn(t, folder, NOW_MS + 300_000).use({ ...TOKEN, jti: 'two', untilSeconds: NOW_MS / 1000 + 900 });
  assert.equal(readdirSync(folder).length, 2);
  openIn(t, folder, NOW_MS + 301_000).use({ ...TOKEN, jti: 'three', untilSeconds: NOW_MS / 1000 + 900 });
  assert.equal(openIn(t, folder).has(TOKEN), false);
  assert.equal(openIn(t, folder).has({ ...TOKEN, jti: 'two' }), true);
});

test('use() counts what a crash cut off as used, for as long as any token lives', (t) => {
  const folder = makeFolder(t);
  openIn(t, folder).use(TOKEN);
  const [name = ''] = readdirSync(folder);
  for (const torn of ['', '17000', '1700000300', 'x\n', '9'.repeat(100)]) {
    writeFileSync(join(folder, name), torn);
    utimesSync(join(folder, name), NOW_MS / 1000, NOW_MS / 1000);
    assert.equal(openIn(t, folder, NOW_MS + 3_600_000).use(TOKEN), false, torn);
  }
  assert.equal(openIn(t, folder, NOW_MS + 25 * 3_600_000).use(TOKEN), true);
});

test('use() remembers no more than so many: then nothing is used (P2)', (t) => {
  const folder = makeFolder(t);
  const used = openIn(t, folder);
  for (let index = 0; index < USED_TOKENS_MAX; index += 1) closeSync(openSync(join(folder, String(index)), 'w'));
  assert.throws(() => used.use(TOKEN), { name: 'UsedTokensError', code: 'full' });
  assert.equal(used.has(TOKEN), false);
});

test('openUsedTokens() uses no folder that others can reach, nor one by a link', (t) => {
  const parent = temporaryFolder(t);
  mkdirSync(join(parent, 'open'));
  chmodSync(join(parent, 'open'), 0o755);
  assert.throws(() => openUsedTokens(join(parent, 'open'), () => NOW_MS), { code: 'not-ours' });
  mkdirSync(join(parent, 'ours'), { mode: 0o700 });
  symlinkSync(join(parent, 'ours'), join(parent, 'link'));
  assert.throws(() => openUsedTokens(join(parent, 'link'), () => NOW_MS), { code: 'failed' });
  writeFileSync(join(parent, 'file'), '');
  assert.throws(() => openUsedTokens(join(parent, 'file'), () => NOW_MS), { code: 'failed' });
});

test('use() follows no link, and fails where its folder is gone', (t) => {
  const folder = makeFolder(t);
  const used = openIn(t, folder);
  used.use(TOKEN);
  const [name = ''] = readdirSync(folder);
  rmSync(join(folder, name));
  symlinkSync('/nowhere/to-be-made', join(folder, name));
  assert.equal(used.has(TOKEN), true);
  assert.throws(() => used.use({ ...TOKEN, jti: 'two' }), { code: 'failed' });
  rmSync(folder, { recursive: true });
  assert.throws(() => used.use(TOKEN), { name: 'UsedTokensError', code: 'failed' });
});
