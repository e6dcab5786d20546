import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { prepareGitConfigs } from '#wrapper/git-configs.ts';

const HEADER = '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic c2VjcmV0\n';
const ORIGIN = '[remote "origin"]\n\turl = "https://github.com/acme/shop"\n';

function makePlace(t: Parameters<typeof temporaryFolder>[0], more: readonly (readonly [string, string])[] = []) {
  const folder = realpathSync(temporaryFolder(t));
  const at = (name: string): string => join(folder, name);
  for (const [name, text] of [['.git', `${HEADER}${ORIGIN}`], ...more] as const) {
    mkdirSync(at(`ws/${name}`), { recursive: true });
    writeFileSync(at(`ws/${name}/HEAD`), '');
    writeFileSync(at(`ws/${name}/config`), text);
  }
  mkdirSync(at('job'));
  const prepare = (keeps = false) => prepareGitConfigs(at('ws'), at('job'), keeps);
  const copyOf = (configs: ReturnType<typeof prepare>, index = 0): string => join(configs.aliases[index]?.folder ?? '', 'config');
  return { at, prepare, copyOf };
}

test('R12 prepareGitConfigs() hands in a copy without credentials, and covers what has some', (t) => {
  const { at, prepare, copyOf } = makePlace(t, [
    ['plain/.git', ORIGIN],
    ['secret/.git', HEADER],
    ['odd/.git', '[x'],
  ]);
  const configs = prepare();
  assert.deepEqual(
    configs.aliases.map(({ point }) => point),
    ['.git', 'odd/.git', 'secret/.git'].map((name) => at(`ws/${name}/config`)),
  );
  assert.deepEqual(
    configs.folders,
    ['.git', 'odd/.git', 'secret/.git'].map((name) => at(`ws/${name}`)),
  );
  assert.equal(readFileSync(copyOf(configs), 'utf8'), ORIGIN);
  assert.equal(readFileSync(copyOf(configs, 1), 'utf8'), '');
});

test('prepareGitConfigs() keeps them where the policy gives commands the token anyway, and covers the own one all the same', (t) => {
  const { prepare, copyOf } = makePlace(t, [['secret/.git', HEADER]]);
  const configs = prepare(true);
  assert.equal(configs.aliases.length, 1);
  assert.equal(readFileSync(copyOf(configs), 'utf8'), `${HEADER}${ORIGIN}`);
});

test('prepareGitConfigs() has nothing to do without a workspace or a repository', (t) => {
  const folder = temporaryFolder(t);
  for (const workspace of [null, folder]) assert.deepEqual(prepareGitConfigs(workspace, folder, false).aliases, []);
});

test('R17 finish() writes what may stay into the real file, in its place, and keeps the copy for the next command', (t) => {
  const { at, prepare, copyOf } = makePlace(t);
  const first = prepare();
  writeFileSync(copyOf(first), `${ORIGIN}[core]\n\thooksPath = x\n[user]\n\tname = me\n`);
  const reports = first.finish();
  assert.deepEqual(
    reports.map(({ path, refused }) => [path, refused.map(({ name }) => name)]),
    [[at('ws/.git/config'), ['core.hookspath']]],
  );
  assert.equal(readFileSync(at('ws/.git/config'), 'utf8'), `${HEADER}${ORIGIN}[user]\n\tname = "me"\n`);
  const second = prepare();
  assert.match(readFileSync(copyOf(second), 'utf8'), /hooksPath/);
  assert.deepEqual(second.finish()[0]?.refused, []);
  writeFileSync(at('ws/.git/config'), ORIGIN);
  assert.equal(readFileSync(copyOf(prepare()), 'utf8'), ORIGIN);
});

test('R17 finish() takes less than there was', (t) => {
  const { at, prepare, copyOf } = makePlace(t);
  const configs = prepare();
  writeFileSync(copyOf(configs), '');
  configs.finish();
  assert.equal(readFileSync(at('ws/.git/config'), 'utf8'), `${HEADER}[remote "origin"]\n`);
});

for (const [what, plant] of [
  ['a link', (copy: string) => symlinkSync('/etc/passwd', copy)],
  ['a folder', (copy: string) => mkdirSync(copy)],
  ['a file with another name', (copy: string, beside: string) => linkSync(beside, copy)],
  ['too much', (copy: string) => writeFileSync(copy, '#'.repeat(300_000))],
  ['nothing', () => undefined],
] as const) {
  test(`R17 finish() passes nothing on of a copy that is ${what}, and the next command gets another`, (t) => {
    const { at, prepare, copyOf } = makePlace(t);
    const configs = prepare();
    const copy = copyOf(configs);
    rmSync(copy);
    writeFileSync(at('beside'), `${ORIGIN}[user]\n\tname = me\n`);
    plant(copy, at('beside'));
    assert.deepEqual(
      configs.finish()[0]?.refused.map(({ name }) => name),
      ['*'],
    );
    assert.equal(readFileSync(at('ws/.git/config'), 'utf8'), `${HEADER}${ORIGIN}`);
    assert.equal(readFileSync(copyOf(prepare()), 'utf8'), ORIGIN);
  });
}

test('R17 finish() writes to no other file, whatever the way there leads to now', (t) => {
  const { at, prepare, copyOf } = makePlace(t);
  const configs = prepare();
  writeFileSync(copyOf(configs), `${ORIGIN}[user]\n\tname = me\n`);
  mkdirSync(at('elsewhere'));
  writeFileSync(at('elsewhere/config'), ORIGIN);
  renameSync(at('ws/.git'), at('ws/gone'));
  symlinkSync(at('elsewhere'), at('ws/.git'));
  assert.deepEqual(
    configs.finish()[0]?.refused.map(({ name }) => name),
    ['*'],
  );
  assert.equal(readFileSync(at('elsewhere/config'), 'utf8'), ORIGIN);
});
