import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import pg from 'pg';
import { type PostgresOptions, startPostgres } from './postgres.ts';

const cases: readonly { options: PostgresOptions; encrypted: boolean }[] = [
  { options: { major: 15, auth: 'scram' }, encrypted: false },
  { options: { major: 15, auth: 'md5', tls: true }, encrypted: true },
  { options: { major: 18, auth: 'scram', tls: true }, encrypted: true },
  { options: { major: 18, auth: 'trust' }, encrypted: false },
];

for (const { options, encrypted } of cases) {
  test(`startPostgres() gives a server of its own when asked for ${JSON.stringify(options)}`, async () => {
    const server = await startPostgres({ ...options, sql: ['CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)'] });
    try {
      const { host, port, user, password, database } = server;
      const ssl = encrypted ? { ca: server.ca, servername: 'orders-db.internal' } : false;
      const client = new pg.Client({ host, port, user, password: options.auth === 'trust' ? 'wrong' : password, database, ssl });
      await client.connect();
      const { rows } = await client.query('SELECT count(*)::int AS n, current_setting($1)::int / 10000 AS major FROM t', [
        'server_version_num',
      ]);
      assert.deepEqual(rows, [{ n: 2, major: options.major }]);
      await client.end();
      const [stored] = await server.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [user]);
      assert.match(String(stored?.rolpassword), options.auth === 'md5' ? /^md5/ : /^SCRAM-SHA-256/);
    } finally {
      await server.stop();
    }
    assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
    assert.equal(server.caFile !== '' && existsSync(server.caFile), false);
  });
}

test('startPostgres() refuses the user in the clear when TLS is asked for', async () => {
  const server = await startPostgres({ major: 18, tls: true });
  try {
    const { host, port, user, password, database } = server;
    const client = new pg.Client({ host, port, user, password, database });
    await assert.rejects(client.connect(), { code: '28000' });
  } finally {
    await server.stop();
  }
});
