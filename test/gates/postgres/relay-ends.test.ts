import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConversationEvent } from '#gates/gate.ts';
import { errorFields } from '#gates/postgres/server-messages.ts';
import { message } from '#test/simulate/wire.ts';
import { int32 } from './bytes.ts';
import { closed, read, readAll } from './loopback.ts';
import {
  CLEARED,
  clientGets,
  ended,
  FRAME_BYTES_MAX,
  kinds,
  makeWorld,
  passing,
  query,
  REFUSED,
  REQUEST,
  type Step,
  startWorld,
  turns,
  upstreamSends,
  type World,
} from './relay-world.ts';

/** A conversation with something on its way, which is cut off by the end. */
const running: Step = (event) => {
  if (event.kind === 'client') return [{ kind: 'ask', ask: 1, request: REQUEST }, upstreamSends(event.frames)];
  if (event.kind === 'closed') return event.side === 'client' ? [ended] : [{ kind: 'close', why: 'the target closed the connection' }];
  return event.kind === 'server' ? [clientGets(event.frames)] : [];
};

const PHASES: readonly (readonly [phase: string, reach: (world: World) => Promise<unknown> | undefined])[] = [
  ['before anything was said', () => undefined],
  [
    'in the middle of a client’s frame',
    async (world) => {
      world.client.write(query('half').subarray(0, 7));
      await turns();
    },
  ],
  [
    'while an ask waits for its answer',
    async (world) => {
      world.client.write(query('one'));
      await world.until(() => world.asked.length === 1);
    },
  ],
  [
    'in the middle of an oversized frame',
    async (world) => {
      world.client.write(query('x'.repeat(2 * FRAME_BYTES_MAX)).subarray(0, 1_500));
      await world.until(() => kinds(world).includes('client-oversized'));
    },
  ],
  [
    'in the middle of a server’s frame',
    async (world) => {
      world.server.write(message('D', Buffer.alloc(50)).subarray(0, 20));
      await turns();
    },
  ],
  [
    'after an answer',
    async (world) => {
      world.server.write(message('Z', Buffer.from('I')));
      await read(world.client, 6);
    },
  ],
];

const ENDS: readonly (readonly [what: string, end: (world: World) => unknown, why: string | null])[] = [
  ['the client hangs up', (world) => world.client.end(), null],
  ['the client’s connection breaks', (world) => world.client.resetAndDestroy(), null],
  ['the server hangs up', (world) => world.server.end(), 'the target closed the connection'],
  ['the server’s connection breaks', (world) => world.server.resetAndDestroy(), 'the target closed the connection'],
  ['the gate ends it', (world) => world.relay.end(message('E', Buffer.from('SFATAL\0\0')), 'the session is over'), 'the session is over'],
];

for (const [phase, reach] of PHASES) {
  for (const [what, end, why] of ENDS) {
    test(`Relay lets both sides go once, and has the outcome recorded, when ${what} ${phase}`, async (t) => {
      const world = await startWorld(t, running);
      await reach(world);
      end(world);
      assert.equal(await world.over(), why);
      assert.deepEqual(world.outcomes, ['d-1 cut']);
      world.relay.end(Buffer.from('not written any more'), 'again');
      assert.equal(world.whys.length, 1);
    });
  }
}

test('Relay.end() tells the client in its protocol’s words, behind all that it was sent before', async (t) => {
  const world = await startWorld(t, passing);
  const [answer, farewell] = [message('Z', Buffer.from('I')), message('E', Buffer.from('SFATAL\0C57P01\0\0'))];
  world.server.write(answer);
  await world.until(() => kinds(world).includes('server'));
  world.relay.end(farewell, 'the session is over');
  assert.deepEqual(await readAll(world.client), Buffer.concat([answer, farewell]));
});

test('Relay delivers what the server said last before it hung up', async (t) => {
  const world = await startWorld(t, passing);
  const last = message('E', Buffer.from('SFATAL\0C57P01\0\0'));
  world.server.end(last);
  assert.deepEqual(await readAll(world.client), last);
  assert.equal(await world.over(), 'the target is gone');
});

test('Relay ends when the conversation says so, and takes no event afterwards', async (t) => {
  const world = await startWorld(t, (event) => (event.kind === 'client' ? [{ kind: 'close', why: 'Terminate' }] : []));
  world.client.write(query('x'));
  assert.equal(await world.over(), 'Terminate');
  assert.deepEqual(kinds(world), ['client', 'closed']);
});

test('Relay has the outcome recorded of a clearance that comes after the end, and passes a late refusal over', async (t) => {
  const world = await startWorld(t, (event) => {
    if (event.kind === 'client') return [1, 2].map((ask) => ({ kind: 'ask', ask, request: REQUEST }) as const);
    return event.kind === 'cleared' ? [{ ...ended, decisionId: event.decisionId }] : [];
  });
  world.client.write(query('x'));
  await world.until(() => world.asked.length === 2);
  world.client.destroy();
  await world.over();
  world.asked[0]?.(CLEARED);
  world.asked[1]?.(REFUSED);
  assert.deepEqual(world.outcomes, ['d-1 cut']);
  assert.deepEqual(kinds(world), ['client', 'closed', 'cleared']);
});

test('Relay sends nothing any more for a clearance that comes after the end', async (t) => {
  const world = await startWorld(t, (event) => {
    if (event.kind === 'client') return [{ kind: 'ask', ask: 1, request: REQUEST }];
    return event.kind === 'cleared' ? [upstreamSends(query('late')), clientGets(query('late')), ended] : [];
  });
  world.client.write(query('x'));
  await world.until(() => world.asked.length === 1);
  world.relay.end(Buffer.alloc(0), 'over');
  world.asked[0]?.(CLEARED);
  assert.equal((await readAll(world.server)).length, 0);
  assert.deepEqual(world.outcomes, ['d-1 cut']);
  await world.over();
});

/** Where a fault of the conversation can strike. */
const FAULTS: readonly (readonly [kind: ConversationEvent['kind'], provoke: (world: World) => unknown])[] = [
  ['client', (world) => world.client.write(query('x'))],
  ['client-oversized', (world) => world.client.write(query('x'.repeat(FRAME_BYTES_MAX)))],
  ['server', (world) => world.server.write(message('Z', Buffer.from('I')))],
  [
    'cleared',
    async (world) => {
      world.client.write(query('x'));
      await world.until(() => world.asked.length === 1);
      world.asked[0]?.(CLEARED);
    },
  ],
  [
    'refused',
    async (world) => {
      world.client.write(query('x'));
      await world.until(() => world.asked.length === 1);
      world.asked[0]?.(REFUSED);
    },
  ],
];

for (const [kind, provoke] of FAULTS) {
  test(`Relay ends the connection, tells the client and no secret, when the conversation fails at ${kind}`, async (t) => {
    const world = await startWorld(t, (event) => {
      if (event.kind === kind) throw new TypeError('secret-pw');
      if (event.kind === 'closed') return [ended];
      return event.kind === 'client' ? [{ kind: 'ask', ask: 1, request: REQUEST }] : [];
    });
    await provoke(world);
    const said = await readAll(world.client);
    assert.equal(errorFields(said, 0, said.length).get('C'), 'XX000');
    assert.ok(!said.includes('secret-pw'));
    assert.equal(await world.over(), 'internal fault: TypeError');
    assert.deepEqual(world.outcomes, ['d-1 cut']);
  });
}

for (const [what, end] of ENDS) {
  test(`Relay lets both sides go though the conversation fails even at the end, when ${what}`, async (t) => {
    const world = await startWorld(t, (event) => {
      if (event.kind === 'closed') throw new RangeError('secret-pw');
      return [];
    });
    end(world);
    assert.match((await world.over()) ?? '', /internal fault: RangeError|the session is over/);
  });
}

for (const side of ['client', 'server'] as const) {
  test(`Relay ends the connection when the ${side} sends what is no frame, and says so`, async (t) => {
    const world = await startWorld(t, passing);
    world[side].write(Buffer.concat([Buffer.from('Q'), int32(3)]));
    const said = await readAll(world.client);
    assert.equal(errorFields(said, 0, said.length).get('C'), '08P01');
    assert.match((await world.over()) ?? '', /length 3/);
  });
}

test('Relay ends the connection when the server’s frame is above its limit', async (t) => {
  const world = await startWorld(t, passing);
  world.server.write(Buffer.concat([Buffer.from('D'), int32(1 << 21)]));
  assert.match((await world.over()) ?? '', /message of 2097153 bytes/);
});

for (const side of ['client', 'server'] as const) {
  test(`Relay.start() ends at once where the ${side} was gone before anybody listened`, async (t) => {
    const world = await makeWorld(t, running);
    world[side].destroy();
    const near = side === 'client' ? world.near.client : world.near.upstream;
    near.resume();
    await closed(near);
    world.relay.start();
    await world.over();
    assert.deepEqual(world.outcomes, ['d-1 cut']);
  });
}

test('Relay lets a client that reads no more go after ten seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const world = await startWorld(t, passing);
  const rows = Buffer.concat(Array.from({ length: 100 }, () => message('D', Buffer.alloc(100_000))));
  world.server.write(rows);
  await world.until(() => world.near.client.writableLength > 0 && world.near.upstream.isPaused());
  world.relay.end(message('E', Buffer.from('SFATAL\0\0')), 'the session is over');
  t.mock.timers.tick(9_999);
  await turns();
  assert.equal(world.near.client.destroyed, false);
  t.mock.timers.tick(1);
  assert.equal(world.near.client.destroyed, true);
  assert.equal(await world.over(), 'the session is over');
});
