import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescriptorWriter, PENDING_BYTES_MAX } from '#wrapper/descriptor-writer.ts';

test('DescriptorWriter writes everything, in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-writer-'));
  const path = join(folder, 'out');
  const fd = openSync(path, 'w');
  const writer = new DescriptorWriter(fd, assert.fail);
  const chunks = Array.from({ length: 50 }, (_, index) => randomBytes(index * 997));
  for (const chunk of chunks) writer.write(chunk);
  await writer.drained();
  closeSync(fd);
  assert.deepEqual(readFileSync(path), Buffer.concat(chunks));
  rmSync(folder, { recursive: true });
});

test('DescriptorWriter asks for a pause when its queue is full', async () => {
  const fd = openSync('/dev/null', 'w');
  const writer = new DescriptorWriter(fd, assert.fail);
  assert.equal(writer.write(Buffer.alloc(PENDING_BYTES_MAX - 1)), true);
  assert.equal(writer.write(Buffer.alloc(1)), false);
  await writer.drained();
  assert.equal(writer.write(Buffer.alloc(1)), true);
  await writer.drained();
  closeSync(fd);
});

test('DescriptorWriter says once that nobody reads, and drops what comes after', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-fifo-'));
  const path = join(folder, 'fifo');
  await new Promise((resolve) => spawn('mkfifo', [path]).once('close', resolve));
  const read = openSync(path, 'r+');
  const fd = openSync(path, 'w');
  closeSync(read);
  const broken: string[] = [];
  const writer = new DescriptorWriter(fd, (code) => broken.push(code));
  writer.write(Buffer.from('one'));
  writer.write(Buffer.from('two'));
  await writer.drained();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(writer.write(Buffer.alloc(PENDING_BYTES_MAX * 2)), true);
  assert.deepEqual(broken, ['EPIPE']);
  closeSync(fd);
  rmSync(folder, { recursive: true });
});
