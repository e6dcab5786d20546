import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { programPath, writeLauncher } from '#action/launcher.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const PROGRAM = `
  import { readFileSync } from 'node:fs';
  console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv, program: process.argv[1],
    env: readFileSync('/proc/self/environ', 'latin1').split('\\0').filter(Boolean) }));
`;

/** A launcher in places whose names try to get out of their quotes. */
function makeLauncher(t: TestContext) {
  const root = join(temporaryFolder(t), `it's a "folder" $(touch pwned)\n\`id\``);
  const jobFolder = join(root, "job'; echo pwned; '");
  mkdirSync(jobFolder, { recursive: true });
  const program = join(root, 'program.mjs');
  writeFileSync(program, PROGRAM);
  const folder = writeLauncher({ node: process.execPath, program, jobFolder });
  return { root, jobFolder, program, folder, file: join(folder, 'duty-gate') };
}

function launch(file: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(file, [...args], { env, encoding: 'utf8', cwd: '/' });
  assert.equal(status, 0, stderr);
  const { env: entries, ...seen }: { env: string[]; args: string[]; flags: string[]; program: string } = JSON.parse(stdout);
  return { ...seen, env: new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])) };
}

test('the launcher starts the program it was written for, with arguments as they are and the job named', (t) => {
  const { jobFolder, program, file } = makeLauncher(t);
  const seen = launch(file, {}, ['shell', 'a b', '', '*', '$x']);
  assert.deepEqual(seen.args, ['shell', 'a b', '', '*', '$x']);
  assert.deepEqual(seen.flags, ['--disable-sigusr1']);
  assert.equal(seen.program, program);
  assert.equal(seen.env.get('DUTY_GATE_JOB'), jobFolder);
});

test('the launcher is for its owner alone, and is not written over', (t) => {
  const { jobFolder, folder, file } = makeLauncher(t);
  assert.deepEqual([statSync(folder).mode & 0o777, statSync(file).mode & 0o777], [0o700, 0o700]);
  assert.throws(() => writeLauncher({ node: 'x', program: 'x', jobFolder }), { code: 'EEXIST' });
});

describe('R18 the launcher is steered by nothing in its environment', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['DUTY_GATE_JOB', '/elsewhere'],
    ['DUTY_GATE_NODE', '/elsewhere'],
    ['DUTY_GATE_ENV_LD_PRELOAD', '/elsewhere'],
    ['NODE_OPTIONS', '--require=/elsewhere'],
    ['NODE_REPL_EXTERNAL_MODULE', '/elsewhere'],
    ['LD_LIBRARY_PATH', '/elsewhere'],
    ['OPENSSL_CONF', '/elsewhere'],
    ['BASH_ENV', '/elsewhere'],
    ['ENV', '/elsewhere'],
    ['PATH', '/elsewhere'],
    ['IFS', '/'],
    ['PS4', '$(touch /tmp/never)'],
    ['SHELLOPTS', 'xtrace'],
    ['BASHOPTS', 'failglob'],
    ['BASH_FUNC_exec%%', '() { echo pwned; }'],
    ['BASH_FUNC_unset%%', '() { echo pwned; }'],
    ['BASH_FUNC_export%%', '() { echo pwned; }'],
    ['node', '/elsewhere'],
  ];
  for (const [name, value] of cases) {
    it(name, (t) => {
      const { jobFolder, program, file } = makeLauncher(t);
      const seen = launch(file, { [name]: value });
      assert.equal(seen.program, program);
      assert.deepEqual(seen.flags, ['--disable-sigusr1']);
      assert.equal(seen.env.get('DUTY_GATE_JOB'), jobFolder);
      if (name.startsWith('DUTY_GATE_ENV_')) assert.ok(!seen.env.has(name));
      if (/^(NODE|LD|OPENSSL)_/.test(name))
        assert.deepEqual([seen.env.get(name), seen.env.get(`DUTY_GATE_ENV_${name}`)], [undefined, value]);
    });
  }
});

test('programPath() finds the source beside the source, and the bundle beside the bundle', () => {
  assert.ok(existsSync(programPath(import.meta.resolve('#action/main.ts'))));
  assert.equal(programPath('file:///opt/a%20b/dist/action-main.js'), '/opt/a b/dist/duty-gate.js');
});
