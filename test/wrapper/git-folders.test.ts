import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { gitFolders } from '#wrapper/git-folders.ts';

function makeWorkspace(t: Parameters<typeof temporaryFolder>[0], ...repositories: readonly string[]): string {
  const workspace = realpathSync(temporaryFolder(t));
  for (const name of repositories) {
    mkdirSync(join(workspace, name), { recursive: true });
    for (const file of ['HEAD', 'config']) writeFileSync(join(workspace, name, file), '');
  }
  return workspace;
}

test('gitFolders() finds the repositories of a workspace, its own first, and their submodules', (t) => {
  const all = ['.git', '.git/modules/libs/one', '.git/modules/libs/one/modules/two', 'a/.git', 'b/c/.git'];
  const workspace = makeWorkspace(t, ...all, 'b/c/d/.git', 'node_modules/x/.git', '.cache/.git');
  assert.deepEqual(
    gitFolders(workspace),
    all.map((name) => join(workspace, name)),
  );
});

test('gitFolders() follows no link, and takes no folder for a repository that is none', (t) => {
  const [workspace, elsewhere] = [makeWorkspace(t, 'a/.git'), makeWorkspace(t, 'x/.git')];
  symlinkSync(join(elsewhere, 'x'), join(workspace, 'b'));
  symlinkSync(join(elsewhere, 'x/.git'), join(workspace, '.git'));
  mkdirSync(join(workspace, 'c/.git'), { recursive: true });
  writeFileSync(join(workspace, 'c/.git/HEAD'), '');
  symlinkSync(join(elsewhere, 'x/.git/config'), join(workspace, 'c/.git/config'));
  mkdirSync(join(workspace, 'd'));
  writeFileSync(join(workspace, 'd/.git'), 'gitdir: ../a/.git');
  assert.deepEqual(gitFolders(workspace), [join(workspace, 'a/.git')]);
});

test('gitFolders() looks into no more than some hundred folders', (t) => {
  const workspace = makeWorkspace(t, ...Array.from({ length: 310 }, (_, index) => `r${String(index).padStart(3, '0')}/.git`));
  const found = gitFolders(workspace);
  assert.ok(found.length > 0 && found.length <= 300, String(found.length));
});
