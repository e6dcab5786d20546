import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { decode, encode } from 'dns-packet';
import { QUERY_BYTES_MAX } from '#gateway/cage/resolver.ts';
import { serveTcp, serveUdp } from '#gateway/cage/resolver-sockets.ts';

const TABLE = new Map([['db', { ipv4: '198.18.1.1', ipv6: null }]]);
const QUERY = encode({ type: 'query', id: 7, questions: [{ type: 'A', name: 'db' }] });
const FRAMED = Buffer.concat([Buffer.of(0, QUERY.length), QUERY]);

async function withServer(act: (client: Socket) => Promise<void>): Promise<void> {
  const server: Server = createServer((socket) => serveTcp(socket, TABLE)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const client = connect(address.port, '127.0.0.1');
  client.on('error', () => undefined);
  try {
    await act(client);
  } finally {
    client.destroy();
    server.close();
  }
}

async function readBytes(client: Socket, count: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < count) {
    const [chunk]: unknown[] = await once(client, 'data');
    assert.ok(chunk instanceof Buffer);
    bytes = Buffer.concat([bytes, chunk]);
  }
  return bytes;
}

test('serveUdp() answers a datagram, and lives through nonsense', async () => {
  const server = createSocket('udp4');
  serveUdp(server, TABLE);
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createSocket('udp4');
  client.send('x', server.address().port, '127.0.0.1');
  client.send(QUERY, server.address().port, '127.0.0.1');
  const [message]: unknown[] = await once(client, 'message');
  assert.ok(message instanceof Buffer);
  assert.equal(decode(message).answers?.length, 1);
  client.close();
  server.close();
});

test('serveUdp() asks for names that the table has not, so many at a time, and lives through what fails', async () => {
  const asked: string[] = [];
  const waiting = Promise.withResolvers<null>();
  const server = createSocket('udp4');
  serveUdp(server, TABLE, (name) => {
    asked.push(name);
    if (name === 'fails') return Promise.reject(new Error('no'));
    return name === 'other' ? Promise.resolve({ ipv4: '198.19.128.1', ipv6: null }) : waiting.promise;
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createSocket('udp4');
  const ask = async (name: string) => {
    client.send(encode({ type: 'query', id: 7, questions: [{ type: 'A', name }] }), server.address().port, '127.0.0.1');
    const [message]: unknown[] = await once(client, 'message');
    assert.ok(message instanceof Buffer);
    return [message.readUInt16BE(2) & 15, decode(message).answers?.length];
  };
  assert.deepEqual(
    [await ask('db'), await ask('other'), await ask('fails')],
    [
      [0, 1],
      [0, 1],
      [3, 0],
    ],
  );
  assert.deepEqual(asked, ['other', 'fails'], 'what the table has is not asked for');
  for (let n = 0; n < 100; n++)
    client.send(encode({ type: 'query', questions: [{ type: 'A', name: `n${n}` }] }), server.address().port, '127.0.0.1');
  assert.deepEqual(await ask('db'), [0, 1], 'the table goes on to be answered');
  assert.equal(asked.length, 2 + 64);
  client.close();
  server.close();
  waiting.resolve(null);
});

describe('serveTcp()', () => {
  test('answers queries however they are split, several on one connection', async () => {
    await withServer(async (client) => {
      const stream = Buffer.concat([FRAMED, FRAMED, FRAMED]);
      for (let at = 0; at < stream.length; at += 5) client.write(stream.subarray(at, at + 5));
      const first = await readBytes(client, 2);
      const length = 2 + first.readUInt16BE(0);
      const rest = first.length < 3 * length ? await readBytes(client, 3 * length - first.length) : Buffer.alloc(0);
      const all = Buffer.concat([first, rest]);
      for (let at = 0; at < all.length; at += length) assert.equal(decode(all.subarray(at + 2, at + length)).answers?.length, 1);
    });
  });

  for (const [name, bytes] of [
    ['a message that is too long', Buffer.of((QUERY_BYTES_MAX + 1) >> 8, (QUERY_BYTES_MAX + 1) & 255)],
    ['a message that is no query', Buffer.of(0, 1, 0)],
  ] as const) {
    test(`ends the connection at ${name}`, async () => {
      await withServer(async (client) => {
        client.write(bytes);
        client.resume();
        await once(client, 'close');
      });
    });
  }

  test('ends the connection of a client that asks without end and reads nothing', async () => {
    await withServer(async (client) => {
      const flood = Buffer.concat(Array.from({ length: 1000 }, () => FRAMED));
      const pump = (): void => {
        while (!client.destroyed && client.write(flood));
      };
      client.on('drain', pump);
      client.pause();
      const closed = new Promise((resolve) => client.once('close', resolve));
      pump();
      await closed;
    });
  });
});
