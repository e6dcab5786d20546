import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listenPrivately } from '#gateway/control-socket.ts';

function setUp(t: TestContext) {
  const base = mkdtempSync(join(tmpdir(), 'duty-gate-socket-'));
  const folder = join(base, 'run');
  mkdirSync(folder, { mode: 0o700 });
  const server = createServer();
  t.after(() => {
    server.close();
    rmSync(base, { recursive: true, force: true });
  });
  return { base, folder, server };
}

test('listenPrivately() makes a socket of mode 0600, and leaves the umask as it was', async (t) => {
  const { folder, server } = setUp(t);
  const umask = process.umask();
  const path = await listenPrivately(server, folder);
  assert.equal(path, join(folder, 'control.sock'));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(process.umask(), umask);
});

for (const mode of [0o750, 0o705, 0o711, 0o777]) {
  test(`listenPrivately() refuses a folder of mode ${mode.toString(8)}`, async (t) => {
    const { folder, server } = setUp(t);
    chmodSync(folder, mode);
    await assert.rejects(listenPrivately(server, folder), { code: 'folder', message: /expected 0700/ });
  });
}

const NO_FOLDERS: readonly { name: string; make(base: string): string }[] = [
  { name: 'nothing', make: (base) => join(base, 'missing') },
  {
    name: 'a link to a folder',
    make(base) {
      symlinkSync('run', join(base, 'link'));
      return join(base, 'link');
    },
  },
  {
    name: 'a file',
    make(base) {
      writeFileSync(join(base, 'file'), '', { mode: 0o600 });
      return join(base, 'file');
    },
  },
  {
    name: 'a path too long for a socket',
    make(base) {
      mkdirSync(join(base, 'x'.repeat(100)), { mode: 0o700 });
      return join(base, 'x'.repeat(100));
    },
  },
  {
    name: 'a folder with a socket of that name',
    make(base) {
      writeFileSync(join(base, 'run/control.sock'), '');
      return join(base, 'run');
    },
  },
];

for (const { name, make } of NO_FOLDERS) {
  test(`listenPrivately() refuses ${name}`, async (t) => {
    const { base, server } = setUp(t);
    await assert.rejects(listenPrivately(server, make(base)), { code: 'folder' });
  });
}
