import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { exitCodeOf, type Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle, newKey } from '#test/fixtures/bundle.ts';
import { fileOf, linesOf, rechained, withFile, withLines, without } from '#test/fixtures/changed-bundle.ts';
import { BUNDLE_ISSUER } from '#test/fixtures/issued-bundle.ts';
import { type BundleFiles, loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

let parent: string;
let sealed: BundleFiles;
let other: BundleFiles;

before(async () => {
  parent = mkdtempSync(join(tmpdir(), 'duty-gate-test-'));
  sealed = loadBundle((await makeBundle(parent)).path);
  other = loadBundle((await makeBundle(parent, { session: 'other', output: Buffer.from('other') })).path);
});
after(() => rmSync(parent, { recursive: true, force: true }));

const verify = (files: BundleFiles): Promise<Verification> => verifyBundle(memoryReader(files));

test('verifyBundle() finds an untouched bundle sealed, whatever the pieces it is read in', async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const found = await verifyBundle(memoryReader(sealed, { pieceBytes }));
    assert.deepEqual([found.verdict, found.anchoring, found.problems, found.notes], ['sealed', 'local', [], []]);
    assert.deepEqual(found.counts, {
      ...{ entries: 11, allowed: 1, refused: 1, masked: 3, withoutOutcome: 0, connections: 1, connectionsRefused: 0 },
      ...{
        waiting: 0,
        approved: 0,
        checkpoints: 1,
        commands: 1,
        delegations: 0,
        agents: 0,
        incidents: 0,
        recordings: 1,
        recordedBytes: fileOf(sealed, 'recordings/0/terminal.rec').length,
        unknown: 0,
      },
    });
  }
});

test('verifyBundle() finds a flipped bit in any file (P6; every-bit.test.ts flips them all)', async () => {
  for (const [path, content] of sealed) {
    for (let bit = randomInt(64); bit < content.length * 8; bit += 1 + randomInt(64)) {
      const flipped = Buffer.from(content);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { verdict } = await verify(withFile(sealed, path, flipped));
      assert.equal(verdict, 'broken', `${path}, bit ${bit}`);
    }
  }
});

test('verifyBundle() finds every byte cut off, doubled or put in', async () => {
  for (const [path, content] of sealed) {
    for (let at = 0; at < content.length; at += 1 + randomInt(8)) {
      const edits = [
        content.subarray(0, at),
        Buffer.concat([content.subarray(0, at), content.subarray(at + 1)]),
        Buffer.concat([content.subarray(0, at + 1), content.subarray(at)]),
      ];
      for (const edit of edits) assert.equal((await verify(withFile(sealed, path, edit))).verdict, 'broken', `${path} at ${at}`);
    }
    for (const more of ['\n', ' ', '\0', '}']) {
      assert.equal(
        (await verify(withFile(sealed, path, Buffer.concat([content, Buffer.from(more)])))).verdict,
        'broken',
        `${path} and ${JSON.stringify(more)}`,
      );
    }
  }
});

test('verifyBundle() finds lines dropped, repeated, swapped, taken from elsewhere, in any number (W-evi-1)', async () => {
  const own = linesOf(sealed);
  const foreign = linesOf(other);
  const edit = fc.record({
    kind: fc.constantFrom('drop', 'repeat', 'swap', 'foreign' as const),
    a: fc.nat({ max: own.length - 1 }),
    b: fc.nat({ max: own.length - 1 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const list = [...own];
      for (const { kind, a, b } of edits) {
        if (kind === 'drop') list.splice(a, 1);
        else if (kind === 'repeat') list.splice(b, 0, own[a] ?? '');
        else if (kind === 'swap') [list[a], list[b]] = [list[b] ?? '', list[a] ?? ''];
        else list.splice(a, 1, foreign[b] ?? '');
      }
      fc.pre(list.join('\n') !== own.join('\n'));
      assert.equal((await verify(withLines(sealed, list))).verdict, 'broken');
    }),
    { numRuns: 200, verbose: 1 },
  );
});

test('verifyBundle() finds files missing, swapped, added or of another bundle', async () => {
  for (const path of sealed.keys()) {
    const found = await verify(without(sealed, path));
    assert.equal(found.verdict, path === 'manifest.sig' ? 'unsealed' : 'broken', path);
    for (const [from, content] of [...sealed, ...other]) {
      if (content.equals(fileOf(sealed, path))) continue;
      assert.equal((await verify(withFile(sealed, path, content))).verdict, 'broken', `${path} from ${from}`);
    }
  }
  for (const path of [
    'extra',
    'manifest.sig.tmp',
    'recordings/1/terminal.rec',
    'recordings/1/terminal.cast',
    'recordings/0/other.rec',
    'recordings/../x',
    'policy.yaml',
    'a/b',
  ]) {
    assert.equal((await verify(withFile(sealed, path, Buffer.alloc(0)))).verdict, 'broken', path);
  }
});

test('verifyBundle() refuses links, special files and foreign folders (R37)', async () => {
  const members = [
    { path: 'recordings/9', kind: 'other' },
    { path: 'policy', kind: 'folder' },
    { path: 'recordings/5', kind: 'folder' },
  ] as const;
  for (const member of members) {
    assert.equal((await verifyBundle(memoryReader(sealed, { others: [{ ...member, bytes: 0 }] }))).verdict, 'broken', member.path);
  }
});

test('verifyBundle() calls a bundle cut anywhere in its audit unsealed, intact up to there', async () => {
  const open = without(sealed, 'manifest.json', 'manifest.sig', 'recordings/0/terminal.cast');
  const audit = fileOf(sealed, 'audit.jsonl');
  for (let cut = 0; cut <= audit.length; cut += 1) {
    const whole = audit.subarray(0, cut).toString().split('\n').length - 1;
    // Nothing is recorded before there is a session.
    const files = whole === 0 ? without(open, 'recordings/0/terminal.rec', 'recordings/0/terminal.v3.cast') : open;
    const found = await verify(withFile(files, 'audit.jsonl', audit.subarray(0, cut)));
    assert.deepEqual([found.verdict, found.counts.entries, found.problems], ['unsealed', whole, []], `cut at ${cut}`);
    assert.equal(exitCodeOf(found, true), 4);
  }
});

test('verifyBundle() calls a bundle unsealed wherever its recording or its sealing stopped', async () => {
  const steps: readonly (readonly [path: string, name: string])[] = [
    ['recordings/0/terminal.cast', 'recordings/0/terminal.cast'],
    ['manifest.json', 'manifest.json'],
    ['manifest.sig', 'manifest.sig.tmp'],
  ];
  let soFar = without(sealed, 'manifest.json', 'manifest.sig', 'recordings/0/terminal.cast');
  for (const [path, name] of steps) {
    const content = fileOf(sealed, path);
    for (let cut = 0; cut <= content.length; cut += 1) {
      const found = await verify(withFile(soFar, name, content.subarray(0, cut)));
      assert.deepEqual([found.verdict, found.problems], ['unsealed', []], `${name} cut at ${cut}`);
    }
    soFar = withFile(soFar, name, content);
  }
  assert.equal((await verify(sealed)).verdict, 'sealed');

  // The recording grows ahead of the entries that cover it.
  const audit = withLines(without(soFar, 'recordings/0/terminal.cast', 'manifest.json', 'manifest.sig.tmp'), linesOf(sealed).slice(0, 7));
  const rec = fileOf(sealed, 'recordings/0/terminal.rec');
  for (let cut = 0; cut <= rec.length; cut += 1)
    assert.equal((await verify(withFile(audit, 'recordings/0/terminal.rec', rec.subarray(0, cut)))).verdict, 'unsealed');
  assert.equal((await verify(without(audit, 'recordings/0/terminal.rec'))).verdict, 'unsealed');
});

test('verifyBundle() finds changes in an unsealed bundle too, but for what nothing follows', async () => {
  const open = without(sealed, 'manifest.json', 'manifest.sig', 'recordings/0/terminal.cast');
  for (const path of ['policy.yml', 'token.jwt', 'recordings/0/terminal.rec']) {
    const content = Buffer.from(fileOf(open, path));
    content[3] = (content[3] ?? 0) ^ 1;
    assert.equal((await verify(withFile(open, path, content))).verdict, 'broken', path);
    assert.equal((await verify(without(open, path))).verdict, 'broken', path);
  }
  const list = linesOf(open);
  for (let index = 0; index < list.length - 1; index += 1) {
    const changed = list.with(index, (list[index] ?? '').replace('2026', '2025'));
    assert.equal((await verify(withLines(open, changed))).verdict, 'broken', `entry ${index}`);
  }
});

test('verifyBundle() passes entries of later versions, and shows that it does', async () => {
  const later = JSON.parse('{"kind":"egress-attempt","port":53}');
  const found = await verify(rechained(sealed, (entries) => [...entries.slice(0, 2), later, ...entries.slice(2, -1)]));
  assert.deepEqual([found.verdict, found.counts.unknown], ['unsealed', 1]);
});

test('verifyBundle() refuses a manifest signed by a key that the session entry does not name', async () => {
  const made = await makeBundle(parent, { session: 'foreign-key', sealingKey: newKey() });
  const found = await verify(loadBundle(made.path));
  assert.deepEqual([found.verdict, found.problems.map(({ code }) => code)], ['broken', ['signature']]);
});

test('verifyBundle() never anchors a bundle that somebody made anew under keys of their own (R1)', async () => {
  const remade = await verify(loadBundle((await makeBundle(parent, { session: 'remade' })).path));
  assert.deepEqual([remade.verdict, remade.anchoring], ['sealed', 'local']);
  assert.equal(exitCodeOf(remade, false), 3);
});

test('verifyBundle() takes no local token for one of GitHub (R1)', async () => {
  const posed = await verify(
    loadBundle((await makeBundle(parent, { session: 'posed', tamper: (entry) => ({ ...entry, issuer: BUNDLE_ISSUER }) })).path),
  );
  assert.deepEqual([posed.verdict, [...new Set(posed.problems.map(({ code }) => code))]], ['broken', ['token']]);
});

test('verifyBundle() finds a session entry whose keys, nonce, gateway or claims are not those of the token (R2)', async () => {
  const wrong = 'A'.repeat(43);
  const tampers = [
    { nonce: 'another' },
    { gateway: 'another' },
    { clientKey: wrong },
    { evidenceKey: wrong },
    { claims: { sub: 'root' } },
    { claims: { admin: 'true' } },
    { policySha256: '0'.repeat(64) },
  ];
  for (const [index, change] of tampers.entries()) {
    const made = await makeBundle(parent, { session: `tampered-${index}`, tamper: (entry) => ({ ...entry, ...change }) });
    assert.equal((await verify(loadBundle(made.path))).verdict, 'broken', JSON.stringify(change));
  }
});

test('verifyBundle() notes allowed operations without an outcome', async () => {
  const found = await verify(rechained(sealed, (entries) => entries.filter(({ kind }) => kind !== 'outcome' && kind !== 'seal')));
  assert.deepEqual([found.verdict, found.counts.withoutOutcome, found.notes.length], ['unsealed', 1, 1]);
});

test('verifyBundle() finishes on random bytes in every file, never sealed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sealed.keys()), fc.uint8Array({ maxLength: 300 }), async (path, bytes) => {
      assert.equal((await verify(withFile(sealed, path, Buffer.from(bytes)))).verdict, 'broken');
    }),
    { numRuns: 200, verbose: 1 },
  );
});

test('verifyBundle() finds bytes after a seal, and recordings of a session that never began', async () => {
  const audit = fileOf(sealed, 'audit.jsonl');
  const unsigned = without(sealed, 'manifest.json', 'manifest.sig');
  assert.equal((await verify(unsigned)).verdict, 'unsealed');
  assert.equal((await verify(withFile(unsigned, 'audit.jsonl', Buffer.concat([audit, Buffer.from('{')])))).verdict, 'broken');
  const empty = withFile(unsigned, 'audit.jsonl', Buffer.alloc(0));
  assert.equal((await verify(empty)).verdict, 'broken');
  assert.equal((await verify(without(empty, ...[...empty.keys()].filter((path) => path.startsWith('recordings/'))))).verdict, 'unsealed');
});
