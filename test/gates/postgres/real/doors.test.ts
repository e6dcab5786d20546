import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startGate, type TestGate } from '#test/fixtures/gate.ts';
import { errorField, extended, RawClient, SYNC, simple, startup, summary } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import * as wire from '#test/simulate/wire.ts';
import { READER, SHOP } from './shop.ts';

const KILOBYTE = 1_024;

for (const major of [15, 18] as const) {
  describe(`the doors of PostgreSQL ${major} stay shut to a reader`, () => {
    let server: PostgresServer;
    let gate: TestGate;
    before(async () => {
      server = await startPostgres({ major, sql: SHOP });
      gate = await startGate(server, READER, ', statement-bytes-max: 65536');
    });
    after(async () => {
      assert.deepEqual(await server.query('SELECT count(*)::int AS n FROM public.orders'), [{ n: 100 }], 'nothing changed');
      await gate?.stop();
      await server?.stop();
    });

    const refused: readonly [name: string, sql: string | Buffer][] = [
      ['W-sql-1 a comment that ends at CR', 'SELECT 1 -- x\r; DELETE FROM orders'],
      ['W-sql-2 a dollar quote that is none', 'SELECT $1a$; DELETE FROM orders; --$1a$'],
      ['W-sql-2 strings that change meaning', 'SET standard_conforming_strings = off'],
      ['W-sql-2 the same by function', "SELECT set_config('standard_conforming_strings', 'off', false)"],
      ['W-sql-3 EXPLAIN ANALYZE', 'EXPLAIN ANALYZE DELETE FROM orders'],
      ['W-sql-3 EXPLAIN with options', 'EXPLAIN (VERBOSE, "analyze" on) DELETE FROM orders'],
      ['W-sql-3 a data-modifying CTE', 'WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone'],
      ['W-sql-3 SELECT INTO', 'SELECT * INTO copy_of_orders FROM orders'],
      ['W-sql-3 a function that nobody read', 'SELECT purge()'],
      ['W-sql-3 DO', "DO 'BEGIN DELETE FROM orders; END'"],
      ['W-sql-3 COPY PROGRAM', "COPY orders TO PROGRAM 'cat'"],
      ['W-sql-3 SQL in a string', "SELECT query_to_xml('DELETE FROM orders', true, true, '')"],
      ['W-sql-3 PREPARE and EXECUTE', 'PREPARE p AS DELETE FROM orders; EXECUTE p'],
      ['W-sql-3 SET ROLE', 'SET ROLE postgres'],
      ['R27 an encoding that hides bytes', "SET client_encoding = 'SJIS'"],
      ['R28a nothing behind a NUL', Buffer.from('SELECT 1\0; DELETE FROM orders')],
      ['R28a bytes that are no text', Buffer.from([0x53, 0x45, 0x4c, 0x45, 0x43, 0x54, 0x20, 0x27, 0xc3, 0x28, 0x27])],
      ['R28a a deep expression', `SELECT ${'('.repeat(30_000)}1${')'.repeat(30_000)}`],
      ['R28a an endless statement', `SELECT '${'x'.repeat(80 * KILOBYTE)}'`],
      ['R32 names changed for the next part', 'SET search_path = other; SELECT * FROM orders'],
      ['a name that does not exist', 'DELETE FROM nowhere'],
      ['text that is no SQL', 'SELEC 1'],
    ];
    for (const [name, sql] of refused) {
      it(`${name}: refused, and the session lives on`, async () => {
        const client = await RawClient.start(gate);
        client.send(simple(sql));
        assert.match(summary(await client.until('Z')), /^E:(42501|0A000|54000) Z:I$/);
        client.send(simple('SELECT 1'));
        assert.equal(summary(await client.until('Z')), 'T D C Z:I');
        client.close();
      });
    }

    const allowed: readonly [name: string, sql: string][] = [
      ['a comment', 'SELECT 1 -- x\r\n'],
      ['W-sql-2 a dollar quote with a digit in its tag', 'SELECT $a1$; DELETE FROM orders; --$a1$'],
      ['W-sql-2 nested comments', 'SELECT /* a /* b */ ; DELETE FROM orders */ 1'],
      ['W-sql-2 escapes', "SELECT E'\\'; DELETE FROM orders; --'"],
      ['W-sql-7 ONLY and parentheses', 'SELECT * FROM ONLY (orders) LIMIT 1'],
      ['a join', 'SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id LIMIT 1'],
      ['an empty string', ''],
      ['settings of formats', "SET DateStyle = 'ISO'"],
    ];
    for (const [name, sql] of allowed) {
      it(`${name}: passes`, async () => {
        const client = await RawClient.start(gate);
        client.send(simple(sql));
        assert.doesNotMatch(summary(await client.until('Z')), /E:/);
        client.close();
      });
    }

    it('W-sql-4 FunctionCall is refused with its own ReadyForQuery', async () => {
      const client = await RawClient.start(gate);
      client.send(wire.message('F', Buffer.from([0, 0, 0x05, 0x2d, 0, 0, 0, 0, 0, 0])), simple('SELECT 1'));
      assert.equal(summary(await client.until('Z', 2)), 'E:0A000 Z:I T D C Z:I');
      client.close();
    });

    it('W-sql-4 a message over the limit is refused in its place', async () => {
      const client = await RawClient.start(gate);
      const header = Buffer.from([0x51, 0, 0, 0, 0]);
      const bytes = 40 * KILOBYTE * KILOBYTE;
      header.writeInt32BE(bytes + 4, 1);
      client.send(simple('SELECT 1'), header);
      for (let sent = 0; sent < bytes; sent += KILOBYTE * KILOBYTE) client.send(Buffer.alloc(KILOBYTE * KILOBYTE, 0x20));
      client.send(simple('SELECT 2'));
      assert.equal(summary(await client.until('Z', 3)), 'T D C Z:I E:54000 Z:I T D C Z:I');
      client.close();
    });

    it('W-sql-4 a statement prepared once and executed often is recorded each time, with its values', async () => {
      const client = await RawClient.start(gate);
      const none = Buffer.from([0, 0]);
      client.send(wire.message('P', Buffer.concat([wire.zeroTerminated('s', 'SELECT id FROM orders WHERE id = $1'), none])), SYNC);
      await client.until('Z');
      const before = gate.decisions().length;
      for (let n = 1; n <= 200; n++) client.send(bindExecute('s', String(n)), SYNC);
      await client.until('Z', 200);
      const recorded = gate.decisions().slice(before);
      assert.deepEqual(
        recorded.map(({ parameters }) => parameters[0]),
        Array.from({ length: 200 }, (_, index) => String(index + 1)),
      );
      client.close();
    });

    it('P2 refuses everything once the evidence cannot be written, and says so', async () => {
      const broken = await startGate(server, READER);
      const client = await RawClient.start(broken);
      client.send(simple('SELECT 1'));
      assert.equal(summary(await client.until('Z')), 'T D C Z:I');
      broken.breakAudit();
      client.send(simple('SELECT 2'), extended('SELECT 3'), SYNC);
      assert.equal(summary(await client.until('Z', 2)), 'E:58030 Z:I 1 2 T E:58030 Z:I');
      client.close();
      await broken.stop();
    });

    const startups: readonly [name: string, parameters: Record<string, string>, code: string][] = [
      ['replication', { replication: 'database' }, '0A000'],
      ['preload libraries', { session_preload_libraries: 'evil' }, '0A000'],
      ['a role', { role: 'postgres' }, '0A000'],
      ['settings hidden in options', { options: '-c role=postgres' }, '0A000'],
      ['R27 an encoding', { client_encoding: 'SJIS' }, '0A000'],
      ['another database', { database: 'template1' }, '3D000'],
    ];
    for (const [name, parameters, code] of startups) {
      it(`R34 start-up with ${name} is refused`, async () => {
        const client = await RawClient.open(gate);
        client.socket.write(startup({ user: 'anybody', ...parameters }));
        const [error] = (await client.rest()).filter(({ type }) => type === 'E');
        assert.equal(errorField(error?.body ?? Buffer.alloc(0), 'C'), code);
      });
    }

    it('R34 start-up passes harmless settings on', async () => {
      const client = await RawClient.start(gate, { options: '-c statement_timeout=12345 --search_path=pg_catalog\\,public' });
      client.send(simple('SHOW statement_timeout'));
      assert.match(summary(await client.until('Z')), /^T D C/);
      client.close();
    });

    it('W-sql-9 broken first packets end their own connection only, and silent clients hold nobody up', async () => {
      const silent = await Promise.all(Array.from({ length: 5 }, () => RawClient.open(gate)));
      for (const bytes of [
        [0, 0, 0, 4],
        [0, 0, 0, 0],
        [0xff, 0xff, 0xff, 0xff],
        [0, 0, 0, 9, 0, 3, 0, 0, 0x75],
        [0x7f, 0xff, 0xff, 0xff, 1],
      ]) {
        const client = await RawClient.open(gate);
        client.socket.write(Buffer.from(bytes));
        await client.rest();
      }
      const client = await RawClient.start(gate);
      client.send(simple('SELECT 1'));
      assert.equal(summary(await client.until('Z')), 'T D C Z:I');
      for (const each of [...silent, client]) each.close();
    });

    it('speaks protocol 3.2 with a long cancel key, and names what it does not know', async () => {
      const client = await RawClient.open(gate);
      client.socket.write(startup({ user: 'anybody', '_pq_.unheard_of': '1' }, 196_608 + 9));
      const messages = await client.until('Z');
      const negotiated = messages.find(({ type }) => type === 'v');
      assert.equal(negotiated?.body.readInt32BE(0), 196_610);
      assert.equal(messages.find(({ type }) => type === 'K')?.body.length, 4 + 32);
      client.close();
    });

    it('cancels what runs by the key that the client was given, and by no other', async () => {
      const client = await RawClient.open(gate);
      client.socket.write(startup({ user: 'anybody' }));
      const key = (await client.until('Z')).find(({ type }) => type === 'K')?.body ?? Buffer.alloc(8);
      client.send(simple('SELECT pg_sleep(60)'));
      await untilRunning(server);
      await cancel(gate, Buffer.concat([key.subarray(0, 4), Buffer.alloc(4, 7)]));
      await cancel(gate, key);
      assert.equal(summary(await client.until('Z')), 'T E:57014 Z:I');
      client.close();
    });
  });
}

function bindExecute(statement: string, value: string): Buffer {
  const none = Buffer.from([0, 0]);
  const bytes = Buffer.from(value);
  const length = Buffer.from([0, 0, 0, bytes.length]);
  return Buffer.concat([
    wire.message('B', Buffer.concat([wire.zeroTerminated('', statement), none, Buffer.from([0, 1]), length, bytes, none])),
    wire.message('E', Buffer.concat([wire.zeroTerminated(''), Buffer.alloc(4)])),
  ]);
}

async function cancel(gate: TestGate, key: Buffer): Promise<void> {
  const client = await RawClient.open(gate);
  const packet = Buffer.alloc(8);
  packet.writeInt32BE(8 + key.length, 0);
  packet.writeInt32BE(80_877_102, 4);
  client.socket.write(Buffer.concat([packet, key]));
  await client.rest();
}

async function untilRunning(server: PostgresServer): Promise<void> {
  const asleep =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active' AND wait_event = 'PgSleep'";
  while ((await server.query(asleep))[0]?.['n'] !== 1);
}
