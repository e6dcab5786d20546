import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { isBehindClosedFolder } from '#wrapper/closed-folders.ts';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

test('isBehindClosedFolder() knows folders that only another user may enter, wherever on the way', (t) => {
  const uid = process.getuid?.() ?? 0;
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  const path = join(folder, 'a/b/socket');
  assert.deepEqual([isBehindClosedFolder(path, uid), isBehindClosedFolder(join(folder, 'none/x'), uid)], [false, false]);
  for (const [mode, expected] of [
    [0o700, true],
    [0o710, false],
    [0o701, false],
    [0o755, false],
  ] as const) {
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'a'), mode);
    assert.equal(isBehindClosedFolder(path, uid + 1), expected, mode.toString(8));
    assert.equal(isBehindClosedFolder(path, uid), false);
  }
});

test('a socket in a folder of another user’s own keeps no cage from being made', async (t) => {
  const [user, other] = testUsers();
  assert.ok(user !== undefined);
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'run'));
  const server = createServer().listen(join(folder, 'run/agent.sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  chmodSync(folder, 0o700);
  if (other !== undefined) chownSync(folder, other.uid, other.gid);
  const { report, output, errors } = await runWrappedAs(user, { argv: script(`ls ${folder} 2>&1 | grep -c agent; true`) });
  assert.deepEqual([report?.exitCode, output.trim()], [0, '0'], errors);
});
