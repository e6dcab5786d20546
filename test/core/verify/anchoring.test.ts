import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KnownKeys, pinnedKeys, withKeysFile } from '#core/verify/issuer-keys.ts';
import { exitCodeOf } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { BUNDLE_ISSUER, makeIssuedBundle } from '#test/fixtures/issued-bundle.ts';
import { jwkOf, OTHER_RSA_KEY, RSA_KEY } from '#test/fixtures/issuer.ts';
import { loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

test('verifyBundle() anchors a bundle by keys from outside alone: with them 0, without 3, under a home-made issuer 1 (R1)', async (t) => {
  const parent = temporaryFolder(t);
  const keys = keysOf();
  const found = async (session: string, key = RSA_KEY, known = keys) =>
    verifyBundle(memoryReader(loadBundle((await makeIssuedBundle(parent, { session }, { key })).path)), { keys: known });
  const anchored = await found('anchored');
  assert.deepEqual([anchored.verdict, anchored.anchoring, anchored.notes, exitCodeOf(anchored, false)], ['sealed', 'anchored', [], 0]);
  const without = await found('without', RSA_KEY, pinnedKeys());
  assert.deepEqual([without.verdict, without.anchoring, exitCodeOf(without, true)], ['sealed', 'unanchored', 3]);
  assert.match(without.notes[0] ?? '', /Key key-one of https:.* is not known from outside the bundle/);
  const homeMade = await found('home-made', OTHER_RSA_KEY);
  assert.deepEqual([homeMade.verdict, homeMade.anchoring, exitCodeOf(homeMade, true)], ['broken', 'unanchored', 1]);
});

test('verifyBundle() anchors no bundle in which anything was changed, nor by a token that names other keys (R1, R2)', async (t) => {
  const parent = temporaryFolder(t);
  const keys = keysOf();
  const { path } = await makeIssuedBundle(parent, { session: 'whole' });
  const files = loadBundle(path);
  for (const [name, content] of files) {
    const changed = Buffer.from(content);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    const { verdict, anchoring } = await verifyBundle(memoryReader(new Map([...files, [name, changed]])), { keys });
    assert.deepEqual([verdict, anchoring], ['broken', 'unanchored'], name);
  }
  // The token of one session, put beside the entries of another one of the same job.
  const other = loadBundle((await makeIssuedBundle(parent, { session: 'other' })).path);
  const { verdict } = await verifyBundle(memoryReader(new Map([...other, ['token.jwt', files.get('token.jwt') ?? Buffer.alloc(0)]])), {
    keys,
  });
  assert.equal(verdict, 'broken');
});

test('verifyBundle() calls what is anchored and not sealed unsealed: 4', async (t) => {
  const { path } = await makeIssuedBundle(temporaryFolder(t), { seal: false });
  const found = await verifyBundle(memoryReader(loadBundle(path)), { keys: keysOf() });
  assert.deepEqual([found.verdict, found.anchoring, exitCodeOf(found, true)], ['unsealed', 'anchored', 4]);
});

function keysOf(): KnownKeys {
  const keys = withKeysFile(JSON.stringify({ issuers: [{ issuer: BUNDLE_ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] }));
  return typeof keys === 'string' ? assert.fail(keys) : keys;
}
