import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { CONTAINER_OPTIONS, checkHost, type Host, thisHost } from '#action/host.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

const GOOD: Host = {
  ...thisHost(),
  platform: 'linux',
  arch: 'x64',
  nodeMajor: 24,
  glibc: '2.36',
  inContainer: false,
  uid: 1001,
  succeeds: async () => true,
};

test('checkHost() lets this machine pass: its answers come from real probes', async () => {
  const host = thisHost();
  assert.match(host.glibc ?? '', /^\d+\.\d+/);
  await checkHost(host);
});

test('thisHost() tells success from failure, and does not throw for what is not there', async () => {
  const { succeeds } = thisHost();
  assert.deepEqual(await Promise.all([succeeds('/bin/true', []), succeeds('/bin/false', []), succeeds('/nowhere/at all', ['x'])]), [
    true,
    false,
    false,
  ]);
});

test('thisHost() gives a probe nothing of the environment', async (t) => {
  process.env['DUTY_GATE_TEST_VARIABLE'] = 'x';
  t.after(() => delete process.env['DUTY_GATE_TEST_VARIABLE']);
  assert.equal(await thisHost().succeeds('/usr/bin/env', ['sh', '-c', '[ -z "$DUTY_GATE_TEST_VARIABLE" ]']), true);
});

describe('checkHost() refuses', () => {
  const cases: readonly (readonly [string, Partial<Host>, RegExp])[] = [
    ['macOS', { platform: 'darwin' }, /it is darwin, expected Linux/],
    ['Windows', { platform: 'win32' }, /it is win32, expected Linux/],
    ['32-bit ARM', { arch: 'arm' }, /its processor is arm, expected x64 or arm64/],
    ['Alpine', { glibc: null }, /not glibc \(Alpine has musl\)/],
    ['an older Node', { nodeMajor: 20 }, /Node 20, expected Node 24 or newer/],
    ['a machine without the tools', { toolFolders: ['/nowhere'] }, /unshare \(Debian package util-linux\)/],
    [
      'sudo with a password and no user namespaces',
      { succeeds: async () => false },
      /sudo asks for a password, and user namespaces are forbidden, expected one of the two/,
    ],
    ['root without namespaces', { uid: 0, succeeds: async () => false }, /user namespaces are forbidden/],
  ];
  for (const [name, change, message] of cases) {
    it(name, () =>
      assert.rejects(checkHost({ ...GOOD, ...change }), {
        code: 'runner',
        message: new RegExp(`^Cannot run on this runner: .*${message.source}`, 's'),
      }),
    );
  }

  it('R16 a container job without its options, and spells them', async () => {
    const container = { ...GOOD, inContainer: true, uid: 0, succeeds: async () => false };
    await assert.rejects(checkHost(container), ({ message }: Error) => message.includes(`options: ${CONTAINER_OPTIONS}`));
    assert.equal(CONTAINER_OPTIONS, '--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined');
  });
});

describe('checkHost() takes either way in', () => {
  const asked: string[] = [];
  const answering = (way: string): Host => ({
    ...GOOD,
    succeeds: async (program) => asked.push(program) > 0 && program.endsWith(`/${way}`),
  });
  it('user namespaces without sudo', async (t) => {
    // A machine with all tools but sudo.
    const folder = temporaryFolder(t);
    for (const tool of Object.keys(findTools(TOOL_FOLDERS)).filter((name) => name !== 'sudo')) symlinkSync('/bin/true', join(folder, tool));
    await checkHost({ ...answering('unshare'), toolFolders: [folder] });
  });
  it('root asks no sudo', async () => {
    asked.length = 0;
    await checkHost({ ...answering('unshare'), uid: 0 });
    assert.ok(asked.every((program) => !program.endsWith('/sudo')));
  });
});
