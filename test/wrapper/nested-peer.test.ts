import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { encodeNested, encodeNestedBytes, NestedDecoder, type NestedFrame, numberOf } from '#core/nested/frames.ts';
import { socketPair } from '#test/fixtures/socket-pair.ts';
import { NestedPeer } from '#wrapper/nested-peer.ts';

async function makePeer(t: TestContext) {
  const { client: asker, server: socket } = await socketPair(t);
  const told: string[] = [];
  const gone = Promise.withResolvers<void>();
  const peer = new NestedPeer(socket, { columns: 80, rows: 24 }, { signal: (name) => void told.push(name), gone: () => gone.resolve() });
  const decoder = new NestedDecoder(['credit', 'output', 'message', 'exit']);
  const frames: NestedFrame[] = [];
  asker.on('data', (chunk: Buffer) => frames.push(...decoder.push(chunk)));
  asker.on('error', () => undefined);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { peer, asker, frames, told, gone: gone.promise, until };
}

test('NestedPeer takes input for which there is credit, and gives more as it goes its way', async (t) => {
  const { peer, asker, frames, until } = await makePeer(t);
  const taken: (Buffer | null)[] = [];
  peer.onInput = (bytes) => taken.push(bytes);
  peer.begin();
  await until(() => frames.length === 1);
  asker.write(encodeNested('stdin', 'abc'));
  asker.write(encodeNested('stdin-end'));
  await until(() => taken.length === 2);
  assert.deepEqual([taken[0]?.toString(), taken[1]], ['abc', null]);
  peer.taken(3);
  await until(() => frames.length === 2);
  assert.equal(frames[1] === undefined ? null : numberOf(frames[1]), 3);
});

for (const [name, bytes] of [
  ['more input than it had credit for', encodeNested('stdin', 'x')],
  ['a size that is none', encodeNested('resize', '0x0')],
  ['frames of the other side', encodeNested('output', 'x')],
  ['no frames', Buffer.from([0xff, 0, 0, 0, 0])],
] as const) {
  test(`NestedPeer has done with whoever sends ${name}`, async (t) => {
    const { asker, gone } = await makePeer(t);
    asker.write(bytes);
    await gone;
  });
}

test('NestedPeer passes signals and sizes on, those that there are', async (t) => {
  const { peer, asker, told, until } = await makePeer(t);
  const sizes: string[] = [];
  peer.screen.on('resize', () => void sizes.push(`${peer.screen.columns}x${peer.screen.rows}`));
  for (const name of ['SIGKILL', 'SIGTERM', 'sigint', 'SIGINT']) asker.write(encodeNested('signal', name));
  asker.write(encodeNested('resize', '120x40'));
  await until(() => sizes.length === 1);
  assert.deepEqual([told, sizes], [['SIGTERM', 'SIGINT'], ['120x40']]);
});

test('NestedPeer is a keyboard that waits while nobody takes its keys', async (t) => {
  const { peer, asker, frames, until } = await makePeer(t);
  const keys: string[] = [];
  peer.keyboard.on('data', (bytes) => void keys.push(bytes.toString()));
  peer.begin();
  await until(() => frames.length === 1);
  asker.write(Buffer.concat(encodeNestedBytes('stdin', Buffer.from('one'))));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(keys, []);
  peer.keyboard.resume();
  assert.deepEqual(keys, ['one']);
  await until(() => frames.length === 2);
});

test('NestedPeer shows what is printed and said, and the exit code last', async (t) => {
  const { peer, asker, frames } = await makePeer(t);
  const ended = once(asker, 'end');
  assert.equal(peer.output(() => assert.fail()).write(Buffer.from('out')), true);
  peer.message('hello');
  void peer.exit(7);
  peer.message('too late');
  await ended;
  assert.deepEqual(
    frames.map(({ kind, payload }) => [kind, kind === 'exit' ? 7 : Buffer.from(payload).toString()]),
    [
      ['output', 'out'],
      ['message', 'hello'],
      ['exit', 7],
    ],
  );
});

test('NestedPeer tells once that nobody is there any more', async (t) => {
  const { peer, asker, gone } = await makePeer(t);
  let told = 0;
  peer.output(() => (told += 1));
  asker.destroy();
  await gone;
  assert.equal(told, 1);
});
