import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { clientProgram, newestClientProgram, pythonWithPsycopg } from '#test/servers/clients.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { Bench } from './harness.ts';

const SHOP = ['CREATE TABLE customers (id integer PRIMARY KEY, name text)', "INSERT INTO customers VALUES (1, 'First'), (2, 'Second')"];
const DUTY = '{ allow: [ { on: orders-db, effects: [read, session, lock, copy-out] } ] }';
const NODE_PG = fileURLToPath(new URL('../fixtures/node-pg-client.ts', import.meta.url));
const PSYCOPG = fileURLToPath(new URL('../fixtures/psycopg_client.py', import.meta.url));

for (const major of [15, 18] as const) {
  for (const tls of [false, true]) {
    describe(`unmodified clients inside the cage, PostgreSQL ${major}${tls ? ' over TLS' : ''}`, () => {
      let server: PostgresServer;
      let bench: Bench;
      before(async () => {
        server = await startPostgres({ major, tls, sql: SHOP });
        bench = new Bench(server, DUTY);
      });
      after(async () => {
        bench?.remove();
        await server?.stop();
      });

      for (const sslmode of ['verify-full', 'disable']) {
        it(`psql, sslmode=${sslmode}`, async () => {
          const ended = await bench.run([clientProgram('psql'), '-X', '-A', '-t', '-c', 'SELECT name FROM customers ORDER BY id'], {
            env: { PGSSLMODE: sslmode },
          }).ended;
          assert.deepEqual([ended.code, ended.stdout], [0, 'First\nSecond\n'], ended.stderr);
        });

        it(`node pg, sslmode=${sslmode}`, async () => {
          const ended = await bench.run([process.execPath, NODE_PG], { env: { PGSSLMODE: sslmode } }).ended;
          assert.deepEqual([ended.code, ended.stdout], [0, 'First Second refused 42501 First\n'], ended.stderr);
        });

        it(`psycopg, sslmode=${sslmode}`, async () => {
          const { program, env } = pythonWithPsycopg();
          const ended = await bench.run([program, PSYCOPG], { env: { ...env, PGSSLMODE: sslmode } }).ended;
          assert.deepEqual([ended.code, ended.stdout], [0, 'First Second refused 42501 First\n'], ended.stderr);
        });
      }

      it('pg_dump, with the rows', async () => {
        const ended = await bench.run([newestClientProgram('pg_dump'), '--no-password'], { env: { PGSSLMODE: 'verify-full' } }).ended;
        assert.equal(ended.code, 0, ended.stderr);
        assert.match(ended.stdout, /CREATE TABLE public\.customers/);
        assert.match(ended.stdout, /2\tSecond/);
      });

      it('psql describes tables', async () => {
        const ended = await bench.run([
          clientProgram('psql'),
          '-X',
          '-c',
          '\\d customers',
          '-c',
          '\\dt',
          '-c',
          '\\l',
          '-c',
          '\\du',
          '-c',
          '\\df',
        ]).ended;
        assert.equal(ended.code, 0, ended.stderr);
        assert.match(ended.stdout, /customers_pkey/);
      });
    });
  }
}
