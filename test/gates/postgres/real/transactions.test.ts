import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startGate, type TestGate } from '#test/fixtures/gate.ts';
import { errorField, extended, RawClient, SYNC, simple, summary } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { SHOP, WRITER } from './shop.ts';

for (const major of [15, 18] as const) {
  describe(`a refusal on PostgreSQL ${major} leaves client and server of one mind`, () => {
    let server: PostgresServer;
    let gate: TestGate;
    before(async () => {
      server = await startPostgres({ major, sql: SHOP });
      gate = await startGate(server, WRITER);
    });
    after(async () => {
      await gate?.stop();
      await server?.stop();
    });

    it('W-sql-6 simple: in a block the transaction fails, and the next statement after ROLLBACK works', async () => {
      const client = await RawClient.start(gate);
      client.send(simple('BEGIN'), simple('DROP TABLE orders'), simple('SELECT 1'), simple('COMMIT'), simple('SELECT 2'));
      assert.equal(summary(await client.until('Z', 5)), 'C Z:T E:42501 Z:E E:25P02 Z:E C Z:I T D C Z:I');
      client.close();
    });

    it('W-sql-6 simple: outside a block only the statement is lost', async () => {
      const client = await RawClient.start(gate);
      client.send(simple('DROP TABLE orders'));
      const messages = await client.until('Z');
      assert.equal(summary(messages), 'E:42501 Z:I');
      const refusal = messages.find(({ type }) => type === 'E')?.body ?? Buffer.alloc(0);
      const decision = gate.decisions().findLast(({ outcome }) => outcome === 'deny');
      assert.ok(decision !== undefined && errorField(refusal, 'D').includes(decision.decision));
      assert.match(errorField(refusal, 'D'), /nothing is dropped here/);
      assert.notEqual(errorField(refusal, 'H'), '');
      client.send(simple('SELECT 1'));
      assert.equal(summary(await client.until('Z')), 'T D C Z:I');
      client.close();
    });

    it('W-sql-6 extended: the rest up to Sync is skipped, one ReadyForQuery comes, the next batch works', async () => {
      const client = await RawClient.start(gate);
      client.send(
        simple('BEGIN'),
        extended('DROP TABLE orders'),
        extended('SELECT 1'),
        SYNC,
        simple('ROLLBACK'),
        extended('SELECT 2'),
        SYNC,
      );
      assert.equal(summary(await client.until('Z', 4)), 'C Z:T E:42501 Z:E C Z:I 1 2 T D C Z:I');
      client.close();
    });

    it('W-sql-6 pipelined: what ran before the refusal in the same implicit transaction is rolled back', async () => {
      const client = await RawClient.start(gate);
      client.send(extended("INSERT INTO orders VALUES (1000, 1, 'lost')"), extended('DROP TABLE orders'), extended('SELECT 1'), SYNC);
      client.send(extended("INSERT INTO orders VALUES (1001, 1, 'kept')"), SYNC);
      assert.equal(summary(await client.until('Z', 2)), '1 2 n C E:42501 Z:I 1 2 n C Z:I');
      assert.deepEqual(await server.query('SELECT id FROM public.orders WHERE id >= 1000'), [{ id: 1001 }]);
      client.close();
    });

    it('keeps pipelined simple queries in order around a refusal', async () => {
      const client = await RawClient.start(gate);
      client.send(simple('SELECT 1'), simple('DROP TABLE orders'), simple('SELECT 2'), simple('DROP TABLE customers'), simple('SELECT 3'));
      assert.equal(summary(await client.until('Z', 5)), 'T D C Z:I E:42501 Z:I T D C Z:I E:42501 Z:I T D C Z:I');
      client.close();
    });

    it('judges names in the transaction that they are used in', async () => {
      const client = await RawClient.start(gate);
      client.send(simple('BEGIN'), simple('CREATE TABLE fresh (id integer)'), simple('INSERT INTO fresh VALUES (1)'), simple('COMMIT'));
      assert.equal(summary(await client.until('Z', 4)), 'C Z:T C Z:T C Z:T C Z:I');
      const inserted = gate.decisions().findLast(({ statement }) => statement.startsWith('INSERT INTO fresh'));
      assert.deepEqual(inserted?.pairs, [{ effect: 'insert', object: { kind: 'relation', path: ['public', 'fresh'] } }]);
      client.close();
    });

    it('P1 records a decision before and an outcome after each execution', async () => {
      const client = await RawClient.start(gate);
      client.send(extended('SELECT id FROM orders WHERE id <= $1', ['3']), SYNC);
      await client.until('Z');
      const decision = gate.decisions().findLast(({ statement }) => statement.includes('WHERE id <= $1'));
      const outcome = gate.outcomes().find((entry) => entry.decision === decision?.decision);
      assert.deepEqual(decision?.parameters, ['3']);
      assert.deepEqual([outcome?.status, outcome?.rows, outcome?.code], ['ok', 3, null]);
      client.close();
    });
  });
}
