import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { NestedRecord } from '#control/nested-record.ts';
import { NestedDecoder, type NestedFrame, numberOf } from '#core/nested/frames.ts';
import { startSupervisor } from '#gateway/cage/supervisor.ts';
import { socketPair } from '#test/fixtures/socket-pair.ts';

test('startSupervisor() hands the connection over: a supervisor that cannot run the command says so there', async (t) => {
  const { client: asker, server: socket } = await socketPair(t);
  const { createSigningKey, exportKey } = await import('#control/keys.ts');
  const answer = {
    ...{ session: 's', token: 't', duty: 'reader', targets: [], resolvers: [], ca: '', evidence: '/e', hide: [], identityUrl: null },
    ...{ passEnv: [], persist: [], agents: [], keeps: { recordings: 'none', responses: 'none' }, checkpoint: null },
  } as const;
  const record = {
    saved: { version: 1, socketPath: '/no/such/socket', gateway: 'g', key: exportKey(createSigningKey()), answer },
    ...{ link: '2', outer: { init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] }, scripts: [] },
    request: { duty: 'reader', agent: null, argv: ['true'], cwd: '/', environment: '', terminal: null },
  } as unknown as NestedRecord;
  const exited = Promise.withResolvers<void>();
  await startSupervisor(record, socket, exited.resolve);
  const decoder = new NestedDecoder(['message', 'exit']);
  const frames: NestedFrame[] = [];
  asker.on('data', (chunk: Buffer) => frames.push(...decoder.push(chunk)));
  await once(asker, 'close');
  await exited.promise;
  assert.match(Buffer.from(frames[0]?.payload ?? []).toString(), /^Cannot reach the gateway: ENOENT/);
  assert.equal(frames[1] === undefined ? null : numberOf(frames[1]), 125);
});
