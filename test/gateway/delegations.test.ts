import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { NestedRecord } from '#control/nested-record.ts';
import { SessionTokens } from '#control/session-tokens.ts';
import type { SeenAgent } from '#core/chain/agent-sight.ts';
import { encodeNested } from '#core/nested/frames.ts';
import { Delegations, type DelegationsParts } from '#gateway/delegations.ts';
import { systemClock } from '#gateway/system.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { makeLive } from './live.ts';

const DUTY = dutyNamed('reader');

test('W-del-1 Delegations gives a command a key and a token of its own, which are good for it and end with it', async (t) => {
  const { session } = await makeLive(t);
  const ended = Promise.withResolvers<void>();
  const [tokens, right, chain] = [new SessionTokens(), Narrowing.ofSession(DUTY), LinkChain.ofSession([])];
  const place = { pid: 7, init: 8, entrance: 'sudo', network: '9', workspace: null, launchers: [] } as const;
  const holder = {
    live: { isEnding: false, ending: new Promise<void>(() => undefined), place },
    right,
    chain,
    depth: 1,
    children: new Set<string>(),
  };
  const started = Promise.withResolvers<NestedRecord>();
  const sticky = new Map<string, SeenAgent>();
  await session.commandStarted({ link: '1', argv: ['sh'] });
  const delegations = new Delegations({
    ...{
      session,
      tokens,
      clock: systemClock,
      gateway: 'g',
      socketPath: '/s',
      duties: new Map([['reader', DUTY]]),
      agents: [{ id: 'agents[0]', match: ['**/robot'], duty: DUTY, sticky: 'job', workspace: 'write' }],
      sticky,
      scripts: () => ['/s/step', '/s/step'],
      limits: { depth: 2, children: 1 },
    },
    answer: () => ({ session: session.id }) as ReturnType<DelegationsParts['answer']>,
    holder: () => holder,
    nextLink: () => '2',
    begin: () => ({ live: { ending: ended.promise, cut: async () => undefined } as never }),
    startSupervisor: async (record) => started.resolve(record),
  });
  const server = createServer((socket: Socket) => delegations.nest('1', socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const asker = connect(address.port, '127.0.0.1');
  t.after(() => {
    asker.destroy();
    server.close();
  });
  const request = { duty: 'reader', agent: null, argv: ['true'], cwd: '/', environment: '', terminal: null };
  asker.write(encodeNested('request', JSON.stringify(request)));
  const { saved, link, outer, scripts } = await started.promise;
  assert.deepEqual(
    [link, outer, saved.socketPath],
    ['2', { init: 8, entrance: 'sudo', network: '9', workspace: null, launchers: [] }, '/s'],
  );
  assert.deepEqual(scripts, ['/s/step']);
  assert.equal(sticky.size, 0);
  assert.equal(tokens.holder(saved.answer.token)?.link, '2');
  ended.resolve();
  await new Promise(setImmediate);
  assert.equal(tokens.holder(saved.answer.token), null);
  // An agent that holds for the whole job does so wherever it was started.
  await delegations.delegate('1', { argv: ['/opt/robot'], duty: 'reader', agent: 0 }, null);
  assert.deepEqual(
    [...sticky].map(([id, seen]) => [id, seen.proof, seen.proof === 'unproved' ? seen.why : null]),
    [['agents[0]', 'unproved', 'it was started earlier in the job, as command 2']],
  );
});
