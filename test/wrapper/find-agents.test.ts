import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { findAgents } from '#wrapper/find-agents.ts';

const rule = (...match: string[]) => ({ match, duty: 'reader', workspace: 'write' as const });

function makeTools(t: Parameters<typeof temporaryFolder>[0], files: readonly string[], links: readonly (readonly [string, string])[] = []) {
  const folder = realpathSync(temporaryFolder(t));
  const at = (name: string): string => join(folder, name);
  for (const name of files) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), '');
    chmodSync(at(name), 0o755);
  }
  for (const [name, target] of links) symlinkSync(target, at(name));
  const found = (rules: ReturnType<typeof rule>[], path = `${at('bin')}:${at('sbin')}`) =>
    findAgents(rules, [Buffer.from(`PATH=${path}`)]).map((each) => [
      each.rule,
      each.path.slice(folder.length + 1),
      each.name.slice(folder.length + 1),
    ]);
  return { at, found };
}

test('R26 findAgents() finds programs by the PATH, by plain names, by globs and by links', (t) => {
  const { at, found } = makeTools(
    t,
    ['bin/claude', 'sbin/codex', 'lib/robot/cli.js', 'opt/aider', 'bin/other'],
    [['bin/robot', '../lib/robot/cli.js']],
  );
  assert.deepEqual(found([rule('**/claude'), rule('**/cod*', '**/robot'), rule(at('opt/aider'))]), [
    [0, 'bin/claude', 'bin/claude'],
    [1, 'lib/robot/cli.js', 'bin/robot'],
    [1, 'sbin/codex', 'sbin/codex'],
    [2, 'opt/aider', 'opt/aider'],
  ]);
});

test('findAgents() finds a program once, by the first rule; all rules hold where it then runs (R25)', (t) => {
  const { found } = makeTools(t, ['bin/claude'], [['sbin', 'bin']]);
  assert.deepEqual(found([rule('**/c*'), rule('**/claude')]), [[0, 'bin/claude', 'bin/claude']]);
});

test('findAgents() leaves what is no program, or not this one', (t) => {
  const { at, found } = makeTools(
    t,
    ['bin/plain', 'bin/box', 'lib/x'],
    [
      ['bin/wget', 'box'],
      ['bin/gone', 'nowhere'],
      ['bin/folder', '../lib'],
    ],
  );
  chmodSync(at('bin/plain'), 0o644);
  assert.deepEqual(found([rule('**/plain', '**/wget', '**/gone', '**/folder', '/elsewhere/box')]), []);
  assert.deepEqual(found([rule('**/{box,wget}')]), [[0, 'bin/box', 'bin/box']]);
  assert.deepEqual(found([rule('**/box')], 'bin:'), []);
});

test('findAgents() covers nothing that a launcher runs, and nothing that is not there inside', (t) => {
  const { at } = makeTools(t, ['bin/x']);
  symlinkSync(process.execPath, at('bin/node'));
  const environment = [Buffer.from(`PATH=${at('bin')}:${dirname(process.execPath)}:/proc/self`)];
  assert.deepEqual(findAgents([rule('**/node', '{/usr/bin/bash,/bin/env}', '/usr/bin/env', '/bin/bash', '**/exe')], environment), []);
  assert.deepEqual(findAgents([], environment), []);
});
