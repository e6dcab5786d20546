import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import type { Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { ReportFault } from '#report/out-file.ts';
import type { ReportFacts } from '#report/page.ts';
import { writeReport } from '#report/write-report.ts';
import { type BundleOptions, makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

type Made = { readonly path: string; readonly out: string };

async function make(t: TestContext, options: BundleOptions = {}): Promise<Made> {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent, options);
  return { path, out: join(parent, 'report.html') };
}

async function verify(path: string): Promise<Verification> {
  const folder = openBundleFolder(path);
  try {
    return await verifyBundle(folder);
  } finally {
    folder.close();
  }
}

function factsIn(out: string): ReportFacts {
  return JSON.parse(/id="facts">([^<]*)</.exec(readFileSync(out, 'utf8'))?.[1] ?? '');
}

test('writeReport() makes one file of a bundle, terminal and player included', async (t) => {
  const { path, out } = await make(t);
  await writeReport(path, out, await verify(path));
  const { head, operations, recordings } = factsIn(out);
  assert.deepEqual(
    operations.map(({ statement }) => statement),
    ['SELECT * FROM orders', 'DROP TABLE orders'],
  );
  assert.match(recordings[0]?.cast ?? '', /^\{"version":2/);
  assert.match(head.title, /Sealed and complete/);
  const page = readFileSync(out, 'utf8').replace(/<script[^>]*>[\s\S]*?<\/script>/g, '');
  assert.doesNotMatch(page, / src=| href=/);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  assert.equal((await verify(path)).verdict, 'sealed');
});

test('writeReport() shows the terminals of a session that did not end, out of what the chain covers', async (t) => {
  const { path, out } = await make(t, { seal: false, output: Buffer.from('as it was') });
  writeFileSync(join(path, 'recordings/0/terminal.cast'), '{"version":2,"width":80,"height":24}\n[0,"o","FORGED"]\n');
  appendFileSync(join(path, 'recordings/0/terminal.rec'), Buffer.from(`\0\0\0\0\0\xff\xff\xff\0\0\0\0\x05ADDED`, 'latin1'));
  const verification = await verify(path);
  assert.equal(verification.verdict, 'unsealed');
  await writeReport(path, out, verification);
  const [recording] = factsIn(out).recordings;
  assert.match(recording?.cast ?? '', /as it was/);
  assert.doesNotMatch(readFileSync(out, 'utf8'), /FORGED|ADDED/);
});

test('writeReport() shows nothing of what comes after a break of the chain', async (t) => {
  const { path, out } = await make(t, { seal: false });
  const audit = join(path, 'audit.jsonl');
  const lines = readFileSync(audit, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('DROP TABLE'));
  writeFileSync(audit, lines.map((line, n) => (n === at ? line.replace('DROP TABLE orders', 'SELECT nothing') : line)).join('\n'));
  const verification = await verify(path);
  assert.equal(verification.verdict, 'broken');
  await writeReport(path, out, verification);
  assert.equal(factsIn(out).head.mood, 'bad');
  assert.deepEqual(
    factsIn(out).operations.map(({ statement }) => statement.slice(0, 6)),
    ['SELECT', 'SELECT'],
  );
});

test('writeReport() refuses a bundle that is another than was verified, and writes nothing', async (t) => {
  const { path, out } = await make(t, { seal: false });
  const verification = await verify(path);
  const audit = join(path, 'audit.jsonl');
  const text = readFileSync(audit, 'utf8');
  for (const changed of [text.replaceAll('DROP TABLE orders', 'SELECT nothing'), text.slice(0, -2), '']) {
    writeFileSync(audit, changed);
    await assert.rejects(writeReport(path, out, verification), (error) => error instanceof ReportFault && error.code === 'bundle-changed');
  }
  assert.deepEqual(readdirSync(join(path, '..')), ['fixture-session']);
});

test('writeReport() takes a session that goes on as far as it was verified', async (t) => {
  const { path, out } = await make(t, { seal: false });
  const verification = await verify(path);
  appendFileSync(join(path, 'audit.jsonl'), '{"at":"2026-01-02T03:04:05.999Z","entry":{"kind":"later"},"n":99,"prev":"","v":1}\n{"half');
  await writeReport(path, out, verification);
  assert.equal(factsIn(out).operations.length, 2);
});

test('writeReport() says so of a bundle whose form is wrong, and shows nothing of it', async (t) => {
  const { path, out } = await make(t);
  writeFileSync(join(path, 'extra'), '');
  const verification = await verify(path);
  await writeReport(path, out, verification);
  const { head, operations, recordings } = factsIn(out);
  assert.deepEqual([head.mood, operations, recordings], ['bad', [], []]);
});
