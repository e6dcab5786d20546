import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { clientProgram, newestClientProgram, pythonWithPsycopg } from './clients.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const run = promisify(execFile);
let server: PostgresServer;
let env: NodeJS.ProcessEnv;

before(async () => {
  server = await startPostgres({ major: 18, tls: true, sql: ['CREATE TABLE shop (a int); INSERT INTO shop VALUES (42)'] });
  env = {
    ...process.env,
    PGHOST: 'orders-db.internal',
    PGHOSTADDR: server.host,
    PGPORT: String(server.port),
    PGUSER: server.user,
    PGPASSWORD: server.password,
    PGDATABASE: server.database,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: server.caFile,
  };
});
after(() => server.stop());

for (const psql of [clientProgram('psql'), newestClientProgram('psql')]) {
  test(`psql at ${psql.includes('pginstall') ? 'PostgreSQL 18' : 'the machine'} verifies the server and reads`, async () => {
    const { stdout } = await run(psql, ['-X', '-A', '-t', '-c', 'TABLE shop'], { env });
    assert.equal(stdout, '42\n');
  });
}

test('pg_dump is new enough for the newest server', async () => {
  const { stdout } = await run(newestClientProgram('pg_dump'), ['--schema-only', '--table=shop'], { env });
  assert.match(stdout, /CREATE TABLE public\.shop/);
});

test('pythonWithPsycopg() gives psycopg over libpq 18', async () => {
  const { program, env: path } = pythonWithPsycopg();
  const script = 'import psycopg; c = psycopg.connect(); print(psycopg.pq.version() // 10000, c.execute("TABLE shop").fetchone()[0])';
  const { stdout } = await run(program, ['-c', script], { env: { ...env, ...path } });
  assert.equal(stdout, '18 42\n');
});

test('pgbench prepares its tables and runs', async () => {
  await run(clientProgram('pgbench'), ['-i', '-q', '-s', '1'], { env });
  const { stdout } = await run(clientProgram('pgbench'), ['-S', '-n', '-M', 'prepared', '-t', '10'], { env });
  assert.match(stdout, /number of failed transactions: 0|tps = /);
});
