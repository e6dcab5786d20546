import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startGate } from '#test/fixtures/gate.ts';
import { errorField, RawClient, SYNC, simple, startup, summary } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import * as wire from '#test/simulate/wire.ts';

const DUTY = '{ allow: [ { on: orders-db, effects: [read] } ] }';

describe('serveConnection()', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres({ major: 18 });
  });
  after(async () => server?.stop());

  it('logs in with the gateway’s own credentials, whoever the client says it is', async () => {
    const gate = await startGate(server, DUTY);
    const asked = await RawClient.start(gate, { user: 'postgres' });
    asked.send(simple('SELECT current_user'));
    const messages = await asked.until('Z');
    assert.ok(Buffer.concat(messages.map(({ body }) => body)).includes(server.user));
    asked.close();
    await gate.stop();
  });

  for (const major of [15, 18] as const) {
    for (const auth of ['scram', 'md5', 'trust'] as const) {
      it(`logs in to PostgreSQL ${major} by ${auth}, over TLS as well as in the clear`, async () => {
        for (const tls of [false, true]) {
          const other = await startPostgres({ major, auth, tls });
          const gate = await startGate(other, DUTY);
          const client = await RawClient.start(gate);
          client.send(simple('SELECT 1'));
          assert.equal(summary(await client.until('Z')), 'T D C Z:I');
          client.close();
          await gate.stop();
          await other.stop();
        }
      });
    }
  }

  it('records connections as opened, closed and refused, with the reason', async () => {
    const gate = await startGate(server, DUTY);
    const client = await RawClient.start(gate);
    client.send(wire.message('X'));
    await client.rest();
    const refused = await RawClient.open(gate);
    refused.socket.write(startup({ user: 'me', database: 'elsewhere' }));
    await refused.rest();
    await gate.stop();
    const events = gate.audit.flatMap((entry) => (entry.kind === 'connection' ? [[entry.event, entry.why === null]] : []));
    assert.deepEqual(events, [
      ['opened', true],
      ['closed', true],
      ['refused', false],
    ]);
  });

  it('says in the protocol’s words that the target is out of reach, and no secret with it', async () => {
    const closed = await freePort();
    const gate = await startGate({ ...server, port: closed }, DUTY);
    const client = await RawClient.open(gate);
    client.socket.write(startup({ user: 'me' }));
    const [error] = await client.rest();
    assert.equal(errorField(error?.body ?? Buffer.alloc(0), 'C'), '08006');
    assert.ok(!JSON.stringify(gate.audit).includes(server.password));
    await gate.stop();
  });

  it('ends a connection whose messages cannot be read, and says so', async () => {
    const gate = await startGate(server, DUTY);
    for (const broken of [Buffer.from([0x51, 0, 0, 0, 1]), wire.message('B', Buffer.from('\0\0')), wire.message('P', Buffer.from('x'))]) {
      const client = await RawClient.start(gate);
      client.send(broken, SYNC);
      assert.equal(summary(await client.rest()), 'E:08P01');
    }
    await gate.stop();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}
