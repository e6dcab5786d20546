import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { BOOTSTRAP_BYTES_MAX } from '#control/bootstrap.ts';
import { findCheckpoints } from '#core/audit/checkpoint.ts';
import { encodeFrame } from '#core/recording/frames.ts';
import { entriesOf, makeFolder, open, PASSWORD, POLICY, startGateway, verify } from './harness.ts';

test('a gateway opens a session, records it, closes it, and leaves a bundle that verifies', async (t) => {
  const gateway = await startGateway(t);
  const session = await open(gateway);
  const { answer } = session;
  assert.equal(answer.duty, 'reader');
  assert.deepEqual(answer.targets[0]?.names, ['orders-db.internal', 'orders-db.duty-gate']);
  assert.match(answer.ca, /^-----BEGIN CERTIFICATE-----/);
  const { socketFolder, evidenceFolder, secretsPath } = gateway.bootstrap;
  assert.deepEqual([...answer.hide].sort(), [socketFolder, evidenceFolder, secretsPath].sort());
  assert.equal(dirname(answer.evidence), evidenceFolder);

  const link = await session.startLink({ argv: ['psql', '-c', 'SELECT 1'] });
  link.recording.write(encodeFrame({ micros: 1, stream: 'output', payload: Buffer.from('hello\r\n') }));
  await link.end({ exitCode: 3, signal: null });
  const { checkpoint, ...closed } = await session.close();
  assert.deepEqual(closed, { evidence: answer.evidence, allowed: 0, refused: 0, masked: 0 });
  assert.deepEqual(
    findCheckpoints(`${answer.checkpoint} ${checkpoint}`).map(({ entries }) => entries),
    [1, 7],
  );

  assert.deepEqual(await verify(answer.evidence, '--allow-local').then(({ code }) => code), 0);
  assert.equal((await verify(answer.evidence)).code, 3);
  const entries = entriesOf(answer.evidence);
  assert.deepEqual(
    entries.map(({ kind }) => kind),
    ['session', 'checkpoint', 'command', 'recording', 'command', 'checkpoint', 'seal'],
  );
  assert.deepEqual([entries[4]?.['event'], entries[4]?.['exitCode']], ['ended', 3]);
  assert.equal(readFileSync(join(answer.evidence, 'policy.yml'), 'utf8'), POLICY);
});

test('a gateway serves one session in its life: another open after the close is refused', async (t) => {
  const { socketPath } = await startGateway(t);
  const session = await open({ socketPath });
  await session.close();
  await assert.rejects(open({ socketPath }), { code: 'conflict' });
  assert.equal((await verify(session.answer.evidence, '--allow-local')).code, 0);
});

test('a second open ends both sessions and is in the evidence (R2)', async (t) => {
  const { socketPath } = await startGateway(t);
  const first = await open({ socketPath });
  await assert.rejects(open({ socketPath }), { code: 'conflict' });
  await first.lost;
  const last = entriesOf(first.answer.evidence).at(-1);
  assert.deepEqual([last?.kind, last?.['incident']], ['incident', 'second-open']);
  assert.equal((await verify(first.answer.evidence, '--allow-local')).code, 4);
});

test('a gateway whose starter is gone ends, and leaves its bundle unsealed', async (t) => {
  const gateway = await startGateway(t);
  const session = await open(gateway);
  gateway.child.stdin?.end();
  await session.lost;
  assert.equal(await gateway.exited, 0);
  assert.equal((await verify(session.answer.evidence, '--allow-local')).code, 4);
});

test('a killed gateway is noticed at once, and its bundle verifies as unsealed up to its last entry (R37)', async (t) => {
  const gateway = await startGateway(t);
  const session = await open(gateway);
  gateway.child.kill('SIGKILL');
  await session.lost;
  await gateway.exited;
  assert.equal((await verify(session.answer.evidence, '--allow-local')).code, 4);
  assert.deepEqual(
    entriesOf(session.answer.evidence).map(({ kind }) => kind),
    ['session', 'checkpoint'],
  );
});

test('a gateway told to end ends', async (t) => {
  const gateway = await startGateway(t);
  const session = await open(gateway);
  gateway.child.kill('SIGTERM');
  await session.lost;
  assert.equal(await gateway.exited, 0);
});

test('a recording that breaks off ends its command, and the session seals all the same (P2)', async (t) => {
  const { socketPath } = await startGateway(t);
  const session = await open({ socketPath });
  const link = await session.startLink({ argv: ['true'] });
  const broken = new Promise<unknown>((resolve) => void link.recording.once('error', resolve));
  link.recording.end(Buffer.from('no frame'));
  assert.match(String(await broken), /Cannot take the recording/);
  await assert.rejects(link.enterCage({ pid: 1, init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] }), {
    code: 'conflict',
  });
  await session.close();
  const { code, page } = await verify(session.answer.evidence, '--allow-local');
  assert.equal(code, 0, page);
  const last = entriesOf(session.answer.evidence).at(-2);
  assert.deepEqual([last?.kind, last?.['exitCode'], last?.['signal']], ['command', null, null]);
});

test('a gateway enters no network that is its own', async (t) => {
  const gateway = await startGateway(t);
  const session = await open(gateway);
  const link = await session.startLink({ argv: ['true'] });
  await assert.rejects(
    link.enterCage({ pid: process.pid, init: process.pid, entrance: 'user-namespace', network: '1', workspace: null, launchers: [] }),
    {
      code: 'conflict',
    },
  );
  await session.close();
});

test('a gateway keeps its secrets out of arguments, environment, evidence and answers (P5)', async (t) => {
  const gateway = await startGateway(t);
  const session = await open(gateway);
  const proc = (name: string) => readFileSync(`/proc/${gateway.child.pid}/${name}`, 'latin1');
  const told = [proc('cmdline'), proc('environ'), JSON.stringify(session.answer), JSON.stringify(gateway.answer), gateway.stderr()];
  await session.close();
  for (const file of filesBelow(gateway.bootstrap.evidenceFolder)) told.push(readFileSync(file, 'latin1'));
  for (const text of told) assert.ok(!text.includes(PASSWORD));
});

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('a gateway makes a socket that only its user can open', async (t) => {
  const { socketPath } = await startGateway(t);
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
});

test('a gateway needs no secrets file where no target needs a secret', async (t) => {
  const folder = makeFolder(t, { policy: POLICY.replace(/^ *password:.*\n/m, '') });
  const gateway = await startGateway(t, { ...folder, secretsPath: null });
  const session = await open(gateway, 'reader');
  await session.close();
});

const BAD_LINES: readonly { name: string; line: string }[] = [
  { name: 'no JSON', line: 'hello\n' },
  { name: 'an empty line', line: '\n' },
  { name: 'another shape', line: '{"policyPath":"relative"}\n' },
  { name: 'more than the maximum', line: `${' '.repeat(BOOTSTRAP_BYTES_MAX + 1)}` },
];

for (const { name, line } of BAD_LINES) {
  test(`a gateway does not start from ${name}`, async (t) => {
    const gateway = await startGateway(t, line);
    assert.equal('error' in gateway.answer ? gateway.answer.error.code : null, 'bootstrap');
    assert.equal(await gateway.exited, 1);
  });
}

test('a gateway does not start where a signal would open its inspector (R6)', async (t) => {
  const gateway = await startGateway(t, makeFolder(t), []);
  assert.equal('error' in gateway.answer ? gateway.answer.error.code : null, 'unhardened');
});

test('a gateway tells every problem of a policy with its line', async (t) => {
  const gateway = await startGateway(
    t,
    makeFolder(t, { policy: POLICY.replace('effects: [read]', 'effects: [reed]').replace('duties: [reader]', 'duties: [writer]') }),
  );
  assert.ok('error' in gateway.answer);
  assert.equal(gateway.answer.error.code, 'policy');
  assert.match(gateway.answer.error.message, /policy\.yml:13:[\s\S]*policy\.yml:15:/);
  assert.deepEqual(
    gateway.answer.error.problems?.map(({ line }) => line),
    [13, 15],
  );
  assert.equal(await gateway.exited, 1);
});

test('a gateway names a secret that is missing, and no value', async (t) => {
  const gateway = await startGateway(t, makeFolder(t, { secrets: `OTHER: ${PASSWORD}\n` }));
  assert.ok('error' in gateway.answer);
  assert.equal(gateway.answer.error.code, 'secrets');
  assert.match(gateway.answer.error.message, /ORDERS_DB \(target orders-db\)/);
  assert.doesNotMatch(gateway.answer.error.message, new RegExp(PASSWORD));
});

test('a gateway refuses secrets that others may read', async (t) => {
  const folder = makeFolder(t);
  chmodSync(folder.secretsPath ?? '', 0o644);
  const gateway = await startGateway(t, folder);
  assert.equal('error' in gateway.answer ? gateway.answer.error.code : null, 'secrets');
});

const FOLDERS: readonly { name: string; spoil(folder: string): void }[] = [
  { name: 'that others can enter', spoil: (folder) => chmodSync(folder, 0o755) },
  { name: 'in which there is a socket already', spoil: (folder) => writeFileSync(join(folder, 'control.sock'), '') },
];

for (const { name, spoil } of FOLDERS) {
  test(`a gateway refuses a socket folder ${name}`, async (t) => {
    const folder = makeFolder(t);
    spoil(folder.socketFolder);
    const gateway = await startGateway(t, folder);
    assert.equal('error' in gateway.answer ? gateway.answer.error.code : null, 'folder');
    assert.ok(!existsSync(folder.evidenceFolder));
  });
}

test('a gateway opens no session that no binding gives a duty', async (t) => {
  const { socketPath } = await startGateway(t, makeFolder(t, { policy: POLICY.replace('issuer: local', 'repository: acme/shop') }));
  await assert.rejects(open({ socketPath }), {
    code: 'forbidden',
    message: /no binding of the policy matches/,
  });
});

test('a gateway opens no session for a duty that is not bound', async (t) => {
  const { socketPath } = await startGateway(t);
  await assert.rejects(open({ socketPath }, 'writer'), { code: 'forbidden' });
  const session = await open({ socketPath }, 'reader');
  await session.close();
});
