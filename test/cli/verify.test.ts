import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyCommand } from '#cli/verify.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { capturedIo } from '#test/fixtures/captured-io.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { BUNDLE_ISSUER, makeIssuedBundle } from '#test/fixtures/issued-bundle.ts';
import { jwkOf, OTHER_RSA_KEY, RSA_KEY } from '#test/fixtures/issuer.ts';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = capturedIo();
  const code = await verifyCommand(args, io);
  return { code, out: io.out(), err: io.err() };
}

test('verifyCommand() answers with the exit codes of R1', async (t) => {
  const parent = temporaryFolder(t);
  const sealed = (await makeBundle(parent, { session: 'sealed' })).path;
  const unsealed = (await makeBundle(parent, { session: 'unsealed', seal: false })).path;
  const broken = (await makeBundle(parent, { session: 'broken' })).path;
  appendFileSync(join(broken, 'policy.yml'), '#');
  const cases: readonly (readonly [number, ...string[]])[] = [
    [3, sealed],
    [0, sealed, '--allow-local'],
    [4, unsealed],
    [4, unsealed, '--allow-local'],
    [1, broken, '--allow-local'],
    [2],
    [2, sealed, unsealed],
    [2, sealed, '--no-such'],
    [2, join(parent, 'missing')],
    [2, parent],
    [0, '--help'],
  ];
  for (const [code, ...args] of cases) assert.equal((await run(...args)).code, code, args.join(' '));
});

test('verifyCommand() prints a page, or one JSON object', async (t) => {
  const parent = temporaryFolder(t);
  await makeBundle(parent);
  assert.match((await run(parent)).out, /^SEALED/);
  const { out, code } = await run(parent, '--json');
  const found = JSON.parse(out);
  assert.deepEqual(
    [code, found.ok, found.exitCode, found.verdict, found.anchoring, found.counts.allowed, found.problems],
    [3, false, 3, 'sealed', 'local', 1, []],
  );
  assert.equal(out.trimEnd().includes('\n'), false);
});

test('verifyCommand() follows no link in a bundle (R37)', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent);
  rmSync(join(path, 'policy.yml'));
  symlinkSync('/etc/hostname', join(path, 'policy.yml'));
  const { code, out } = await run(path, '--allow-local');
  assert.equal(code, 1);
  assert.match(out, /policy\.yml: it is a link/);
});

test('verifyCommand() says what it looked for where no bundle is', async (t) => {
  const parent = temporaryFolder(t);
  mkdirSync(join(parent, 'empty'));
  assert.match((await run(parent)).err, /holds 0, expected one/);
});

test('verifyCommand() anchors by --keys FILE, and tells a file that is none from a broken bundle (R1)', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeIssuedBundle(parent, { session: 'issued' });
  const local = (await makeBundle(parent, { session: 'local' })).path;
  const homeMade = (await makeIssuedBundle(parent, { session: 'home-made' }, { key: OTHER_RSA_KEY })).path;
  const unsealed = (await makeIssuedBundle(parent, { session: 'unsealed', seal: false })).path;
  const keys = join(parent, 'keys.json');
  writeFileSync(keys, JSON.stringify({ issuers: [{ issuer: BUNDLE_ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] }));
  const cases: readonly (readonly [number, ...string[]])[] = [
    [0, path, '--keys', keys],
    [3, path],
    [3, path, '--allow-local'],
    [3, local, '--keys', keys],
    [1, homeMade, '--keys', keys, '--allow-local'],
    [3, homeMade, '--allow-local'],
    [4, unsealed, '--keys', keys],
    [2, path, '--keys', join(parent, 'missing')],
    [2, path, '--keys', join(path, 'manifest.json')],
    [2, path, '--keys'],
  ];
  for (const [code, ...args] of cases) assert.equal((await run(...args)).code, code, args.join(' '));
});
