import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { message } from '#test/simulate/wire.ts';
import { split } from './bytes.ts';
import { read } from './loopback.ts';
import {
  CLEARED,
  FRAME_BYTES_MAX,
  framesOf,
  kinds,
  passing,
  query,
  REFUSED,
  REQUEST,
  type Step,
  startWorld,
  turns,
  upstreamSends,
} from './relay-world.ts';

/** Passes what the server says on, as the response of one operation. */
const responding: Step = (event) =>
  event.kind === 'server'
    ? [
        { kind: 'send-client', frames: event.frames },
        { kind: 'response', decisionId: 'd-1', bytes: event.frames },
      ]
    : [];

test('Relay carries whole frames to the conversation and its effects to the sockets, both ways', async (t) => {
  const world = await startWorld(t, passing);
  const [asked, answered] = [Buffer.concat([query('one'), query('two')]), message('Z', Buffer.from('I'))];
  for (const piece of split(asked, [1, 3, 7])) world.client.write(piece);
  assert.deepEqual(await read(world.server, asked.length), asked);
  for (const piece of split(answered, [2])) world.server.write(piece);
  assert.deepEqual(await read(world.client, answered.length), answered);
  assert.deepEqual(framesOf(world, 'client'), [query('one').toString('latin1'), query('two').toString('latin1')]);
});

test('Relay reports an oversized frame of the client in its place, and carries later ones (W-sql-4)', async (t) => {
  const world = await startWorld(t, passing);
  const stream = Buffer.concat([query('before'), query('x'.repeat(FRAME_BYTES_MAX)), query('behind')]);
  for (const piece of split(stream, [97])) world.client.write(piece);
  assert.deepEqual(
    await read(world.server, query('before').length + query('behind').length),
    Buffer.concat([query('before'), query('behind')]),
  );
  assert.deepEqual(
    kinds(world).filter((kind) => kind === 'client-oversized'),
    ['client-oversized'],
  );
  assert.deepEqual(
    world.events.find((event) => event.kind === 'client-oversized'),
    { kind: 'client-oversized', type: 0x51, bytes: FRAME_BYTES_MAX + 6 },
  );
  assert.ok(kinds(world).indexOf('client-oversized') > 0 && kinds(world).at(-1) === 'client');
});

test('Relay sends nothing upstream before the answer to an ask, and then what was cleared', async (t) => {
  const world = await startWorld(t, (event) => {
    if (event.kind === 'client') return [{ kind: 'ask', ask: 1, request: REQUEST }];
    return event.kind === 'cleared' ? [upstreamSends(query(event.decisionId))] : [];
  });
  world.client.write(query('hold on'));
  await world.until(() => world.asked.length === 1);
  await turns();
  assert.equal(world.server.readableLength + world.server.bytesRead, 0);
  world.asked[0]?.(CLEARED);
  assert.deepEqual(await read(world.server, query('d-1').length), query('d-1'));
});

test('Relay hands a refusal to the conversation', async (t) => {
  const world = await startWorld(t, (event) => (event.kind === 'client' ? [{ kind: 'ask', ask: 9, request: REQUEST }] : []));
  world.client.write(query('no'));
  await world.until(() => world.asked.length === 1);
  world.asked[0]?.(REFUSED);
  assert.deepEqual(world.events.at(-1), { kind: 'refused', ask: 9, refusal: REFUSED.kind === 'refused' ? REFUSED.refusal : null });
});

test('Relay does not read the client while it is held, and loses nothing of what came meanwhile', async (t) => {
  const world = await startWorld(t, (event) => {
    if (event.kind === 'server') return [{ kind: 'hold-client', held: false }];
    return event.kind === 'client' && event.frames.includes('first') ? [{ kind: 'hold-client', held: true }] : [];
  });
  world.client.write(query('first'));
  await world.until(() => world.events.length === 1);
  await new Promise<void>((resolve) => void world.client.write(query('second'), () => resolve()));
  await turns();
  assert.deepEqual(kinds(world), ['client']);
  world.server.write(message('Z', Buffer.from('I')));
  await world.until(() => world.events.length === 3);
  assert.deepEqual(kinds(world), ['client', 'server', 'client']);
});

/** Nothing may grow past what the sockets' own high-water marks and one chunk allow. */
const BUFFERED_BYTES_MAX = 512 * 1024;
const STREAM_BYTES = 48 * 1024 * 1024;

for (const slow of ['client', 'server'] as const) {
  test(`Relay stops reading one side while the ${slow} does not take what it is sent, in bounded memory, and loses nothing`, async (t) => {
    const world = await startWorld(t, passing);
    const [source, sink] = slow === 'client' ? [world.server, world.client] : [world.client, world.server];
    const [from, to] = slow === 'client' ? [world.near.upstream, world.near.client] : [world.near.client, world.near.upstream];
    let peak = 0;
    from.on('data', () => {
      peak = Math.max(peak, to.writableLength);
    });
    const frame = message('d', Buffer.alloc(FRAME_BYTES_MAX - 5, 'x'));
    const chunk = Buffer.concat(Array.from({ length: 256 }, () => frame));
    const chunks = Math.ceil(STREAM_BYTES / chunk.length);
    const pump = (async () => {
      for (let count = 0; count < chunks; count += 1) if (!source.write(chunk)) await once(source, 'drain');
    })();
    await world.until(() => from.isPaused());
    await turns();
    assert.equal(from.isPaused(), true, 'stays paused');
    assert.ok(to.writableLength <= BUFFERED_BYTES_MAX, `${to.writableLength} bytes held`);
    let received = 0;
    sink.on('data', (piece: Buffer) => {
      received += piece.length;
    });
    await pump;
    await world.until(() => received === chunks * chunk.length);
    assert.ok(peak <= BUFFERED_BYTES_MAX, `${peak} bytes held at most`);
    assert.equal(from.isPaused(), false);
  });
}

test('Relay keeps the client held, though the server takes everything', async (t) => {
  const world = await startWorld(t, (event) =>
    event.kind === 'client' ? [{ kind: 'hold-client', held: true }, upstreamSends(event.frames)] : [],
  );
  world.client.write(query('x'));
  await read(world.server, query('x').length);
  world.near.upstream.emit('drain');
  assert.equal(world.near.client.isPaused(), true);
});

test('Relay reads no more of the server while a response is being kept, and then goes on', async (t) => {
  const kept: PromiseWithResolvers<void>[] = [];
  const world = await startWorld(t, responding, () => {
    kept.push(Promise.withResolvers());
    return kept.at(-1)?.promise ?? null;
  });
  const row = message('D', Buffer.from('row'));
  world.server.write(row);
  await world.until(() => kept.length === 1 && world.near.upstream.isPaused());
  world.server.write(row);
  await turns();
  assert.equal(kept.length, 1);
  kept[0]?.resolve();
  await world.until(() => kept.length === 2);
  kept[1]?.resolve();
  assert.deepEqual(await read(world.client, row.length * 2), Buffer.concat([row, row]));
});

test('Relay lets go of both sides when a response cannot be kept (P2)', async (t) => {
  const world = await startWorld(t, responding, () => Promise.reject(new Error('the disk is full')));
  world.server.write(message('D', Buffer.from('row')));
  await world.until(() => world.whys.length === 1);
  assert.match(world.whys[0] ?? '', /cannot be recorded/);
});
