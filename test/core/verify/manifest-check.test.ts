import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { publicJwk } from '#adapters/files/seal.ts';
import { encodeManifest, encodeSignature, type FileDigest, type Manifest, manifestSigningInput } from '#core/verify/manifest.ts';
import { checkManifest } from '#core/verify/manifest-check.ts';
import { newKey, sessionEntry } from '#test/fixtures/bundle.ts';

const key = newKey();
const { entry } = sessionEntry('s', newKey(), key);
const session = { ...entry, claims: { ...entry.claims }, chain: [...entry.chain] };
const [first, last] = ['1'.repeat(64), '2'.repeat(64)];
const digest = (path: string, sha256 = first): FileDigest => ({ path, bytes: 3, sha256 });
const MANIFEST: Manifest = {
  v: 1,
  session: 's',
  gateway: entry.gateway,
  entries: 5,
  first,
  last,
  files: [digest('audit.jsonl'), digest('policy.yml')],
};

function check(manifest: Manifest, digests: readonly FileDigest[] = MANIFEST.files, signer = key): readonly string[] {
  const bytes = encodeManifest(manifest);
  const signature = encodeSignature(publicJwk(signer), sign(null, manifestSigningInput(bytes), signer));
  const facts = { session, chain: { entries: 5, first, last }, digests: new Map(digests.map((each) => [each.path, each])) };
  return checkManifest({ manifest: bytes, signature, ...facts }).map(({ where }) => where);
}

test('checkManifest() takes a manifest that lists what is there, signed by the session entry’s key', () => {
  assert.deepEqual(check(MANIFEST), []);
});

test('checkManifest() names what differs', () => {
  assert.deepEqual(check(MANIFEST, [digest('audit.jsonl')]), ['policy.yml']);
  assert.deepEqual(check(MANIFEST, [...MANIFEST.files, digest('token.jwt')]), ['token.jwt']);
  assert.deepEqual(check(MANIFEST, [digest('audit.jsonl', last), digest('policy.yml')]), ['audit.jsonl']);
  assert.deepEqual(check(MANIFEST, [{ ...digest('audit.jsonl'), bytes: 4 }, digest('policy.yml')]), ['audit.jsonl']);
  const heads: readonly Partial<Manifest>[] = [{ session: 'x' }, { gateway: 'x' }, { entries: 6 }, { first: last }, { last: first }];
  for (const change of heads) assert.deepEqual(check({ ...MANIFEST, ...change }), ['manifest.json'], JSON.stringify(change));
  assert.deepEqual(check(MANIFEST, MANIFEST.files, newKey()), ['manifest.sig']);
});

test('checkManifest() takes no signature over the bare manifest: the key signs nothing else in that form', () => {
  const manifest = encodeManifest(MANIFEST);
  const facts = { session, chain: { entries: 5, first, last }, digests: new Map(MANIFEST.files.map((each) => [each.path, each])) };
  const problems = checkManifest({ manifest, signature: encodeSignature(publicJwk(key), sign(null, manifest, key)), ...facts });
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['signature'],
  );
});
