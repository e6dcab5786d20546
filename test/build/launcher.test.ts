import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const scratch = await mkdtemp(join(tmpdir(), 'duty-gate-launcher-'));
after(() => rm(scratch, { recursive: true, force: true }));

const clone = join(scratch, 'a clone');
const launcher = join(clone, 'dist', 'bin', 'duty-gate');
const oldNode = join(scratch, 'old');
const program = `
  import { readFileSync } from 'node:fs';
  console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv, node: process.argv0,
    env: readFileSync('/proc/self/environ', 'latin1').split('\\0').filter(Boolean) }));
`;
await mkdir(join(clone, 'dist', 'bin'), { recursive: true });
await cp(join(import.meta.dirname, '..', '..', 'build', 'launcher.bash'), launcher);
await chmod(launcher, 0o755);
await writeFile(join(clone, 'dist', 'duty-gate.js'), program);
await writeFile(join(clone, 'package.json'), '{ "type": "module" }');
await mkdir(oldNode);
await writeFile(join(oldNode, 'node'), '#!/bin/sh\necho v20.20.2\n', { mode: 0o755 });

const newPath = `${join(process.execPath, '..')}:/usr/bin:/bin`;
const oldPath = `${oldNode}:/usr/bin:/bin`;

function launch(env: NodeJS.ProcessEnv, args: readonly string[] = [], file = launcher) {
  const { status, stdout, stderr } = spawnSync(file, [...args], { env, encoding: 'utf8' });
  return { status, stderr, seen: stdout === '' ? null : JSON.parse(stdout) };
}

test('launcher starts duty-gate with the arguments as they are, and with no signal that opens a debugger', () => {
  const { status, seen } = launch({ PATH: newPath }, ['run', '--', 'a b', '', '*']);
  assert.equal(status, 0);
  assert.deepEqual(seen.args, ['run', '--', 'a b', '', '*']);
  assert.deepEqual(seen.flags, ['--disable-sigusr1']);
});

const variables: readonly { name: string; given: string; hidden: boolean }[] = [
  { name: 'NODE_OPTIONS', given: '--no-such-option', hidden: true },
  { name: 'NODE_EXTRA_CA_CERTS', given: '/tmp/ca.pem', hidden: true },
  { name: 'NODE_ENV', given: 'test', hidden: true },
  { name: 'LD_LIBRARY_PATH', given: '/nonexistent', hidden: true },
  { name: 'SSL_CERT_FILE', given: '/nonexistent', hidden: true },
  { name: 'UV_THREADPOOL_SIZE', given: '1', hidden: true },
  { name: 'EMPTY', given: '', hidden: false },
  { name: 'PLAIN', given: 'two\nlines $HOME `id`', hidden: false },
  { name: 'name.with-signs', given: 'kept', hidden: false },
  { name: 'BASH_FUNC_exec%%', given: '() { echo hijacked; }', hidden: false },
  { name: 'BASH_ENV', given: '/nonexistent', hidden: false },
];

for (const { name, given, hidden } of variables) {
  test(`launcher ${hidden ? 'hands over under a name of ours' : 'passes on unchanged'} ${name}`, () => {
    const { status, seen, stderr } = launch({ PATH: newPath, [name]: given });
    assert.equal(status, 0, stderr);
    const entries: string[] = seen.env;
    assert.equal(entries.includes(`${hidden ? 'DUTY_GATE_ENV_' : ''}${name}=${given}`), true, entries.join('\n'));
    assert.equal(entries.includes(`${name}=${given}`), !hidden);
  });
}

test('launcher forgets handed-over names that the caller made up', () => {
  const { seen } = launch({ PATH: newPath, DUTY_GATE_ENV_NODE_OPTIONS: 'made up' });
  assert.equal(JSON.stringify(seen.env).includes('made up'), false);
});

test('launcher finds its clone through symbolic links', async () => {
  await symlink(launcher, join(scratch, 'absolute'));
  await symlink('absolute', join(scratch, 'relative'));
  assert.equal(launch({ PATH: newPath }, [], join(scratch, 'relative')).status, 0);
});

test('launcher takes the Node it is told, though PATH has an old one', () => {
  assert.equal(launch({ PATH: oldPath, DUTY_GATE_NODE: process.execPath }).seen.node, process.execPath);
});

const refused: readonly { name: string; env: NodeJS.ProcessEnv }[] = [
  { name: 'the Node on PATH is too old', env: { PATH: oldPath } },
  { name: 'there is no Node', env: { PATH: '/nonexistent' } },
  { name: '$DUTY_GATE_NODE is too old, though PATH has a new one', env: { PATH: newPath, DUTY_GATE_NODE: join(oldNode, 'node') } },
  { name: '$DUTY_GATE_NODE does not exist', env: { PATH: newPath, DUTY_GATE_NODE: '/nonexistent/node' } },
];

for (const { name, env } of refused) {
  test(`launcher exits 125 with one line when ${name}`, () => {
    const { status, stderr, seen } = launch(env);
    assert.deepEqual({ status, seen }, { status: 125, seen: null });
    assert.match(stderr, /^duty-gate: Cannot start: .*expected Node 24 or newer.*\n$/);
  });
}

test("launcher takes the clone's own Node before the one on PATH", async () => {
  const bin = join(clone, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  await symlink(process.execPath, join(bin, 'node'));
  assert.equal(launch({ PATH: oldPath }).status, 0);
});
