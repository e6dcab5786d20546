import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFile } from '#wrapper/start-file.ts';

const settings = {
  entrance: 'sudo',
  uid: 5,
  gid: 6,
  umask: 0o27,
  limits: ['nofile=1:2'],
  interactive: false,
  hides: ['/tmp/agent.sock'],
  cwd: '/a b',
  argv: ['psql', '-c', 'SELECT\n1', ''],
  environment: [Buffer.from('A=1\n2'), Buffer.from([0x42, 0x3d, 0xff])],
} as const;

test('startFile() writes each record with its NUL, the environment byte for byte', () => {
  assert.equal(
    startFile(settings).toString('latin1'),
    [
      'uid=5\0gid=6\0user-namespace=0\0terminal=0\0umask=27\0folder=/a b\0hide=/tmp/agent.sock\0limit=nofile=1:2\0',
      'arg=psql\0arg=-c\0arg=SELECT\n1\0arg=\0env=A=1\n2\0env=B=\xff\0',
    ].join(''),
  );
});

test('startFile() tells the entrance and whether the command has a controlling terminal', () => {
  const text = startFile({ ...settings, entrance: 'user-namespace', interactive: true }).toString('latin1');
  assert.match(text, /\0user-namespace=1\0terminal=1\0/);
});

for (const [name, change] of Object.entries({ argument: { argv: ['a\0uid=0'] }, folder: { cwd: '/\0uid=0' } })) {
  test(`startFile() refuses a NUL in an ${name}`, () => {
    assert.throws(() => startFile({ ...settings, ...change }), { code: 'usage' });
  });
}
