import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { removeAsRoot } from '#wrapper/remove-as-root.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

const { rm } = findTools(TOOL_FOLDERS);

test('removeAsRoot() asks sudo, without a password, to remove these and nothing else', (t) => {
  const folder = temporaryFolder(t);
  const sudo = join(folder, 'sudo');
  writeFileSync(sudo, '#!/bin/bash\n[[ "$1 $2" == "-n --" ]] || exit 1\nshift 2\nexec "$@"\n');
  chmodSync(sudo, 0o755);
  for (const name of ['-rf', 'b c', 'kept']) mkdirSync(join(folder, name, 'inner'), { recursive: true });
  removeAsRoot({ sudo, rm }, [join(folder, '-rf'), join(folder, 'b c')]);
  assert.deepEqual(
    ['-rf', 'b c', 'kept'].map((name) => existsSync(join(folder, name))),
    [false, false, true],
  );
});

test('removeAsRoot() leaves it where there is no sudo, or it refuses', (t) => {
  const folder = temporaryFolder(t);
  for (const sudo of [null, '/bin/false', '/no/such']) {
    removeAsRoot({ sudo, rm }, [folder]);
    assert.ok(existsSync(folder));
  }
});
