import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeSessionFolder } from '#wrapper/session-folder.ts';

const uid = process.getuid?.() ?? 0;

function withBase(act: (base: string, parent: string) => void): void {
  const base = mkdtempSync(join(tmpdir(), 'duty-gate-base-'));
  try {
    act(base, join(base, `duty-gate-${uid}`));
  } finally {
    rmSync(base, { recursive: true });
  }
}

test('makeSessionFolder() gives each run a closed folder below one that is ours', () => {
  withBase((base, parent) => {
    const [one, two] = [makeSessionFolder(base, uid), makeSessionFolder(base, uid)];
    assert.notEqual(one.path, two.path);
    assert.deepEqual([statSync(one.path).mode & 0o777, statSync(parent).mode & 0o777, one.parent], [0o700, 0o700, parent]);
    one.remove();
    assert.deepEqual([existsSync(one.path), existsSync(two.path)], [false, true]);
  });
});

for (const [name, prepare] of [
  ['open to others', (parent: string) => mkdirSync(parent, { mode: 0o755 })],
  ['a link', (parent: string) => symlinkSync(join(parent, '..'), parent)],
] as const) {
  test(`makeSessionFolder() refuses a folder that is ${name}`, () => {
    withBase((base, parent) => {
      prepare(parent);
      assert.throws(() => makeSessionFolder(base, uid), { code: 'set-up' });
    });
  });
}

test("makeSessionFolder() refuses somebody else's folder, and a file", () => {
  withBase((base) => {
    assert.throws(() => makeSessionFolder(base, uid + 1), { code: 'set-up' });
  });
  withBase((base, parent) => {
    writeFileSync(parent, '');
    assert.throws(() => makeSessionFolder(base, uid));
  });
});
