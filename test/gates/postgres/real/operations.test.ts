import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startGate, type TestGate } from '#test/fixtures/gate.ts';
import { extended, RawClient, SYNC, simple, summary } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { SHOP } from './shop.ts';

const THREE = '{ allow: [ { on: orders-db, effects: [read, insert] } ], limits: { operations: 3 } }';
const INSERT = "INSERT INTO orders VALUES (1000, 1, 'x')";

describe('limits.operations of a duty, on PostgreSQL 18', () => {
  let server: PostgresServer;
  let gate: TestGate;
  let client: RawClient;
  before(async () => {
    server = await startPostgres({ major: 18, sql: SHOP });
  });
  after(() => server?.stop());
  beforeEach(async () => {
    gate = await startGate(server, THREE);
    client = await RawClient.start(gate);
  });
  afterEach(async () => {
    client.close();
    await gate.stop();
  });
  const outcomes = () => gate.decisions().map(({ outcome }) => outcome);

  it('refuses one more, and lets a transaction that has begun be ended', async () => {
    client.send(simple('BEGIN'), simple(INSERT), simple('SELECT 1'), simple('COMMIT'));
    assert.equal(summary(await client.until('Z', 4)), 'C Z:T C Z:T T D C Z:T C Z:I');
    client.send(simple('BEGIN'), simple('SELECT 2'), simple('SELECT 3'), simple('ROLLBACK'), simple('DELETE FROM orders'));
    assert.equal(summary(await client.until('Z', 5)), 'C Z:T T D C Z:T E:54000 Z:E C Z:I E:42501 Z:I');
    assert.deepEqual(outcomes(), [...Array(6).fill('allow'), 'over-limit', 'allow', 'deny']);
  });

  it('counts each execution of a pipeline', async () => {
    client.send(extended('SELECT 1'), extended('SELECT 2'), SYNC, extended('SELECT 3'), extended('SELECT 4'), SYNC);
    const messages = summary(await client.until('Z', 2)).split(' Z:I');
    assert.deepEqual(
      messages.map((part) => part.match(/E:\w+|\bC\b/g)),
      [['C', 'C'], ['C', 'E:54000'], null],
    );
    assert.deepEqual(outcomes(), ['allow', 'allow', 'allow', 'over-limit']);
  });

  it('counts each statement of a text, but for those that control transactions', async () => {
    client.send(
      simple('SELECT 1; SELECT 2'),
      simple('BEGIN; SELECT 3; SELECT 4; COMMIT'),
      simple('BEGIN; SELECT 3; COMMIT'),
      simple('SELECT 4'),
    );
    const messages = summary(await client.until('Z', 4)).split(' Z:I');
    assert.deepEqual(
      messages.map((part) => part.match(/E:\w+|\bC\b/g)),
      [['C', 'C'], ['E:54000'], ['C', 'C', 'C'], ['E:54000'], null],
    );
    assert.deepEqual(outcomes(), ['allow', 'over-limit', 'allow', 'over-limit']);
  });
});
