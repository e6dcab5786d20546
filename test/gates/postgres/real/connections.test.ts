import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { startGate, type TestGate } from '#test/fixtures/gate.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { READER, SHOP } from './shop.ts';

describe('limits.connections', () => {
  let server: PostgresServer;
  let gate: TestGate;
  before(async () => {
    server = await startPostgres({ major: 18, sql: SHOP });
    gate = await startGate(server, READER, '', {}, 2);
  });
  after(async () => {
    await gate?.stop();
    await server?.stop();
  });

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ host: gate.host, port: gate.port, database: 'orders', user: 'app', ssl: { rejectUnauthorized: false } });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  it('refuses one more by the protocol’s own error, and takes one again when another has gone', async () => {
    const [first, second] = [await connect(), await connect()];
    for (const _ of [1, 2]) await assert.rejects(connect(), { code: '53300', message: /2 are open/ });
    assert.deepEqual((await first.query('SELECT 1 AS one')).rows, [{ one: 1 }]);
    await second.end();
    while (!gate.audit.some((entry) => entry.kind === 'connection' && entry.event === 'closed')) await new Promise(setImmediate);
    const third = await connect();
    await Promise.all([first.end(), third.end()]);
    const refused = gate.audit.filter((entry) => entry.kind === 'connection' && entry.event === 'refused');
    assert.equal(refused.length, 2);
  });

  it('holds for those that come at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, connect));
    const open = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    assert.equal(open.length, 2);
    await Promise.all(open.map((client) => client.end()));
  });
});
