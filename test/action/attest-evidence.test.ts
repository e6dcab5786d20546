import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EvidenceFacts, evidenceStatement, manifestSha256 } from '#action/attest-evidence.ts';
import { makeBundle, newKey, sessionEntry } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { verificationOf } from '#test/report/verification.ts';

const { entry } = sessionEntry('s-1', newKey(), newKey());
const session = { ...entry, chain: [...entry.chain] };
const MANIFEST = 'ab'.repeat(32);
const ARCHIVE = 'cd'.repeat(32);
const JOB = { repository: 'acme/shop', runId: '7', attempt: '2', job: 'report' };

function statementOf(more: Partial<EvidenceFacts> = {}) {
  const artifact = { name: 'duty-gate-7', digest: ARCHIVE };
  return evidenceStatement({ verification: verificationOf({ session }), manifestSha256: MANIFEST, artifact, job: JOB, ...more });
}

test('evidenceStatement() speaks of the manifest and the archive, and of the session and key that they are of', () => {
  const made = statementOf();
  assert.deepEqual(made?.subjects, [
    { name: 'manifest.json', sha256: MANIFEST },
    { name: 'duty-gate-7.zip', sha256: ARCHIVE },
  ]);
  const { verdict, last, counts } = verificationOf({ session });
  const { predicate } = made;
  assert.deepEqual(
    [predicate.session, predicate.gateway, predicate.evidenceKey, predicate.verdict, predicate.lastHash, predicate.entries],
    ['s-1', entry.gateway, entry.evidenceKey, verdict, last, counts.entries],
  );
  assert.deepEqual(predicate.run, { repository: 'acme/shop', id: '7', attempt: '2', job: 'report' });
  assert.equal(predicate.policy.sha256, entry.policySha256);
});

test('evidenceStatement() says the verdict as it is', () => {
  for (const verdict of ['sealed', 'unsealed', 'broken'] as const)
    assert.equal(statementOf({ verification: verificationOf({ session, verdict }) })?.predicate.verdict, verdict);
});

test('evidenceStatement() says no claim, statement, secret or member that it does not know', () => {
  const claims = { repository_visibility: 'private', actor: 'someone-hidden' };
  const source = { repository: 'acme/p', repositoryId: '1', path: 'p.yml', ref: 'main', commit: 'c'.repeat(40), later: 'hidden' };
  const made = statementOf({ verification: verificationOf({ session: { ...session, claims, policySource: source } }) });
  assert.doesNotMatch(JSON.stringify(made), /hidden/);
  assert.deepEqual(made?.predicate.policy.source, { repository: 'acme/p', path: 'p.yml', ref: 'main', commit: 'c'.repeat(40) });
});

const FEWER: readonly (readonly [string, Partial<EvidenceFacts>, readonly string[] | null])[] = [
  ['no manifest', { manifestSha256: null }, ['duty-gate-7.zip']],
  ['an upload that failed', { artifact: null }, ['manifest.json']],
  ['an upload without a digest', { artifact: { name: 'a', digest: null } }, ['manifest.json']],
  ['a digest that is none', { artifact: { name: 'a', digest: 'sha256:x' } }, ['manifest.json']],
  ['neither', { manifestSha256: null, artifact: null }, null],
  ['no session', { verification: verificationOf({ session: null }) }, null],
];
for (const [what, facts, names] of FEWER)
  test(`evidenceStatement() speaks of what there is when there is ${what}`, () => {
    assert.deepEqual(statementOf(facts)?.subjects.map(({ name }) => name) ?? null, names);
  });

test("manifestSha256() is the hash of the manifest's bytes", async (t) => {
  const { path: folder } = await makeBundle(temporaryFolder(t));
  const expected = createHash('sha256')
    .update(readFileSync(join(folder, 'manifest.json')))
    .digest('hex');
  assert.equal(await manifestSha256(folder), expected);
});

test('manifestSha256() is null when there is none, or something that no bundle may have', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'manifest.json');
  assert.equal(await manifestSha256(folder), null);
  symlinkSync('/etc/hostname', path);
  assert.equal(await manifestSha256(folder), null);
  rmSync(path);
  mkdirSync(path);
  assert.equal(await manifestSha256(folder), null);
  rmSync(path, { recursive: true });
  writeFileSync(path, '');
  truncateSync(path, 16 * 1024 * 1024 + 1);
  assert.equal(await manifestSha256(folder), null);
});
