import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reportCommand } from '#cli/report.ts';
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
  assert.match(readFileSync(out, 'utf8'), /"verdict":"broken"/);
});

test('duty-gate report writes nothing into the bundle, nor from what is none', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent);
  for (const args of [[path, '--out', join(path, 'r.html')], [], [path, path], [path, '--keys', '/nowhere'], [path, '--wrong']]) {
    assert.equal(await reportCommand(args, capturedIo()), 2, args.join(' '));
  }
  assert.ok(!existsSync(join(path, 'r.html')));
  assert.equal(await reportCommand(['--help'], capturedIo()), 0);
});
