import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reportCommand } from '#cli/report.ts';
import { verifyCommand } from '#cli/verify.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { capturedIo } from '#test/fixtures/captured-io.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('duty-gate report writes a page and answers as verify does', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent);
  const out = join(parent, 'r.html');
  assert.equal(await reportCommand([path, '--out', out], capturedIo()), 3);
  assert.equal(await reportCommand([path, '--out', out, '--allow-local'], capturedIo()), 0);
  assert.match(readFileSync(out, 'utf8'), /^<!doctype html>/);
});

test('duty-gate report shows a broken bundle as broken', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent);
  writeFileSync(join(path, 'policy.yml'), 'version: 1\n');
  const out = join(parent, 'r.html');
  assert.equal(await reportCommand([path, '--out', out], capturedIo()), 1);
  assert.match(readFileSync(out, 'utf8'), /"title":"Broken/);
});

test('duty-gate report shows an unsealed bundle as unsealed', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent, { seal: false });
  const out = join(parent, 'r.html');
  assert.equal(await reportCommand([path, '--out', out, '--allow-local'], capturedIo()), 4);
  assert.match(readFileSync(out, 'utf8'), /"title":"Not sealed/);
});

test('duty-gate report writes nothing into the bundle by any way, nor from what is none', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent);
  symlinkSync(path, join(parent, 'alias'));
  symlinkSync(join(path, 'policy.yml'), join(parent, 'link.html'));
  const places = [join(path, 'r.html'), join(parent, 'alias', 'r.html'), join(parent, 'link.html'), join(parent, 'none', 'r.html'), parent];
  for (const args of [...places.map((out) => [path, '--out', out]), [], [path, path], [path, '--keys', '/nowhere'], [path, '--wrong']]) {
    assert.equal(await reportCommand(args, capturedIo()), 2, args.join(' '));
  }
  assert.ok(!existsSync(join(path, 'r.html')));
  assert.equal(await verifyCommand([path, '--allow-local'], capturedIo()), 0);
  assert.equal(await reportCommand(['--help'], capturedIo()), 0);
});
