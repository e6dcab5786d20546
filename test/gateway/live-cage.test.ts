import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LiveCage } from '#gateway/live-cage.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import { makeLive } from './live.ts';

async function makeCage(t: TestContext) {
  const { session, folder, audit, addresses, gatesFor, closed, kinds, kept } = await makeLive(t);
  const right = Narrowing.ofSession(session.duty);
  const more = {
    agents: [],
    sticky: new Map(),
    egress: null,
    chain: LinkChain.ofSession([]),
    whoami: () => assert.fail(),
    nest: () => assert.fail(),
    identity: null,
  };
  const onUnrecordable = (why: string) => assert.fail(why);
  const cage = new LiveCage({ ...kept, ...more, link: 'cage-1', session, folder, audit, addresses, gatesFor, right, onUnrecordable });
  return { cage, closed, kinds };
}

test('P8 LiveCage takes no proof before its listeners are up', async (t) => {
  const { cage } = await makeCage(t);
  await assert.rejects(cage.confined({ escapes: [] }), { code: 'conflict', message: /no cage/ });
  assert.deepEqual([cage.place, cage.isConfined], [null, false]);
  await cage.stop('over');
});

test("LiveCage is not opened in the gateway's own network, nor twice, nor when it has ended", async (t) => {
  const { cage } = await makeCage(t);
  const own = { pid: process.pid, init: process.pid, entrance: 'sudo', network: '1', workspace: null, launchers: [] } as const;
  await assert.rejects(cage.open(own), { code: 'conflict', message: /own network/ });
  await assert.rejects(cage.open(own), { code: 'conflict', message: /has one/ });
  await cage.stop('over');
  await assert.rejects(cage.open(own), { code: 'conflict', message: /has ended/ });
});

test('LiveCage closes its gates once, and says when its end begins', async (t) => {
  const { cage, closed } = await makeCage(t);
  assert.equal(cage.isEnding, false);
  const stopped = cage.stop('over');
  await cage.ending;
  assert.equal(cage.isEnding, true);
  await Promise.all([stopped, cage.stop('again')]);
  assert.deepEqual(closed, ['cage-1: over']);
});
