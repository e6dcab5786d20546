import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { startGate, type TestGate } from '#test/fixtures/gate.ts';
import { extended, RawClient, SYNC, simple, summary, values } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import * as wire from '#test/simulate/wire.ts';
import { MASKED_READER, SHOP, WRITER } from './shop.ts';

const SECRETS = ['first@example.com', '4111111111111111', '1970-01-01', 'second@example.com', '5500005555555559'];

for (const major of [15, 18] as const) {
  describe(`masked columns on PostgreSQL ${major}`, () => {
    let server: PostgresServer;
    let gate: TestGate;
    before(async () => {
      server = await startPostgres({ major, sql: SHOP });
      gate = await startGate(server, MASKED_READER);
    });
    after(async () => {
      const evidence = JSON.stringify(gate.audit);
      for (const secret of SECRETS) assert.ok(!evidence.includes(secret), `P7: ${secret} stands in the evidence`);
      await gate?.stop();
      await server?.stop();
    });

    const shown: readonly string[] = [
      'SELECT id, email, card, born FROM customers ORDER BY id',
      'SELECT * FROM customers ORDER BY id',
      'SELECT c.id AS a, c.email AS b, c.card AS c, c.born AS d FROM customers AS c ORDER BY c.id',
      'SELECT customers.* FROM customers ORDER BY id',
    ];
    for (const sql of shown) {
      it(`are masked by their origin: ${sql}`, async () => {
        const client = await RawClient.start(gate);
        client.send(simple(sql), extended(sql), SYNC);
        const messages = await client.until('Z', 2);
        const text = Buffer.concat(messages.map(({ body }) => body)).toString('latin1');
        for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} came through`);
        assert.equal(values(messages).length, 4);
        const [first] = values(messages);
        assert.equal(first?.[0], '1');
        assert.equal(first?.at(-1), null, 'a date has no masked form but NULL');
        client.close();
      });
    }

    it('are masked in binary format, too', async () => {
      const client = new pg.Client({ host: gate.host, port: gate.port, user: 'anybody', binary: true } as pg.ClientConfig);
      await client.connect();
      const { rows } = await client.query('SELECT id, email, card, born FROM customers ORDER BY id');
      assert.equal(rows[0].id, 1);
      for (const value of Object.values(rows[0])) assert.ok(!SECRETS.includes(String(value)));
      assert.equal(rows[0].born, null);
      await client.end();
    });

    const computed: readonly [name: string, sql: string][] = [
      ['W-sql-8 a function', 'SELECT lower(email) FROM customers'],
      ['W-sql-8 a piece', 'SELECT substr(card, 1, 4) FROM customers'],
      ['W-sql-8 the blind predicate', "SELECT id FROM customers WHERE email = 'first@example.com'"],
      ['W-sql-8 sort order', 'SELECT id FROM customers ORDER BY card'],
      ['W-sql-8 sort by ordinal', 'SELECT card, id FROM customers ORDER BY 1'],
      ['W-sql-8 sort by alias', 'SELECT card AS x FROM customers ORDER BY x'],
      ['W-sql-8 a subquery', 'SELECT e FROM (SELECT lower(email) AS e FROM customers) AS s'],
      ['W-sql-8 a CTE', 'WITH s AS (SELECT * FROM customers) SELECT upper(email) FROM s'],
      ['W-sql-8 a whole row', 'SELECT customers FROM customers'],
      ['W-sql-8 a whole row by alias', 'SELECT row_to_json(c) FROM customers AS c'],
      ['W-sql-8 renamed columns', 'SELECT lower(c) FROM customers AS s(a, b, c, d, e)'],
      ['W-sql-8 UNION', 'SELECT email FROM customers UNION SELECT note FROM orders'],
      ['W-sql-8 DISTINCT', 'SELECT DISTINCT email FROM customers'],
      ['W-sql-8 NATURAL JOIN', 'SELECT 1 FROM customers NATURAL JOIN customers AS c'],
      ['W-sql-8 COPY', 'COPY customers TO STDOUT'],
      ['W-sql-8 COPY of a query', 'COPY (SELECT email FROM customers) TO STDOUT'],
      ['W-sql-8 a view', 'SELECT * FROM customer_cards'],
      ['W-sql-8 a failing cast', 'SELECT email::integer FROM customers'],
      ['W-sql-8 a CASE that waits', "SELECT CASE WHEN card LIKE '4%' THEN pg_sleep(1) END FROM customers"],
      ['R35 statistics', "SELECT most_common_vals FROM pg_stats WHERE tablename = 'customers'"],
    ];
    for (const [name, sql] of computed) {
      it(`${name} is refused`, async () => {
        const client = await RawClient.start(gate);
        client.send(simple(sql));
        assert.match(summary(await client.until('Z')), /^E:(42501|0A000) Z:I$/);
        client.send(extended(sql), SYNC);
        assert.match(summary(await client.until('Z')), /^E:(42501|0A000) Z:I$/);
        client.close();
      });
    }

    it('stay masked when one name means a protocol statement to the server and another to SQL', async () => {
      const client = await RawClient.start(gate);
      const none = Buffer.from([0, 0]);
      client.send(wire.message('P', Buffer.concat([wire.zeroTerminated('s', 'SELECT email, card FROM customers'), none])), SYNC);
      client.send(simple('PREPARE s AS SELECT 1'), extended('EXECUTE s'), SYNC, simple('EXECUTE s'));
      const text = Buffer.concat((await client.until('Z', 4)).map(({ body }) => body)).toString('latin1');
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} came through`);
      client.close();
    });

    it('stay masked through cursors and prepared statements of SQL', async () => {
      const client = await RawClient.start(gate);
      client.send(
        simple('BEGIN'),
        simple('DECLARE c CURSOR FOR SELECT email, card FROM customers'),
        simple('FETCH ALL FROM c'),
        simple('COMMIT'),
      );
      client.send(simple('PREPARE p AS SELECT email FROM customers'), simple('EXECUTE p'));
      const messages = await client.until('Z', 6);
      const text = Buffer.concat(messages.map(({ body }) => body)).toString('latin1');
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} came through`);
      client.close();
    });
  });

  describe(`columns on PostgreSQL ${major}`, () => {
    it('W-sql-8 stay masked though a duty may create tables, and fill them by whatever means', async () => {
      const server = await startPostgres({ major, sql: SHOP });
      const gate = await startGate(
        server,
        WRITER.replace('{', '{ mask: [ { on: orders-db, columns: ["public.customers.{email,card}"], with: redact } ],'),
      );
      const client = await RawClient.start(gate);
      const tries = [
        'CREATE TABLE a AS SELECT email FROM customers; SELECT * FROM a',
        'PREPARE p AS SELECT email, card FROM customers',
        'CREATE TABLE b AS EXECUTE p',
        'EXPLAIN (ANALYZE) CREATE TABLE d AS EXECUTE p',
        'SELECT * FROM d',
        'SELECT * FROM b',
        'CREATE TABLE c (x text)',
        'INSERT INTO c SELECT email FROM customers',
        'SELECT * FROM c',
        'UPDATE customers SET name = email RETURNING name',
        "INSERT INTO customers (id, name, email, card) VALUES (1, 'a', 'b', 'c') ON CONFLICT (id) DO UPDATE SET name = 'q' RETURNING email, card",
      ];
      client.send(...tries.map((sql) => simple(sql)));
      const text = Buffer.concat((await client.until('Z', tries.length)).map(({ body }) => body)).toString('latin1');
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} came through`);
      client.close();
      await gate.stop();
      await server.stop();
    });
  });

  describe(`errors on PostgreSQL ${major}`, () => {
    it('R35 do not quote stored values while columns are masked', async () => {
      const server = await startPostgres({ major, sql: SHOP });
      const duty = WRITER.replace('{', '{ mask: [ { on: orders-db, columns: ["public.customers.email"], with: redact } ],');
      const gate = await startGate(server, duty);
      const client = await RawClient.start(gate);
      client.send(simple("INSERT INTO customers (id, name, email, card) VALUES (3, 'x', 'first@example.com', '1')"));
      const messages = await client.until('Z');
      assert.equal(summary(messages), 'E:23505 Z:I');
      assert.ok(!Buffer.concat(messages.map(({ body }) => body)).includes('first@example.com'));
      assert.ok(!JSON.stringify(gate.audit).includes('first@example.com'));
      client.close();
      await gate.stop();
      await server.stop();
    });
  });
}
