import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clientProgram } from '#test/servers/clients.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { Bench } from './harness.ts';

const READER = '{ allow: [ { on: orders-db, effects: [read, session] } ] }';

describe('one step with many connections, as shipped', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres({ major: 18, sql: ['CREATE TABLE notes (id int)'], settings: ['max_connections = 250'] });
  });
  after(async () => server?.stop());

  it('has two hundred of them open and judged at once', async (t) => {
    const bench = new Bench(server, READER);
    t.after(() => bench.remove());
    writeFileSync(join(bench.workspace, 'read.sql'), 'SELECT count(*) FROM notes;\n');
    const pgbench = [clientProgram('pgbench'), '-n', '-f', 'read.sql', '-c', '200', '-j', '2', '-t', '3'];
    const { code, stdout, stderr } = await bench.run(pgbench).ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /transactions actually processed: 600\/600/);
    const [bundle = ''] = bench.bundles();
    const verified = await bench.verify(bundle, '--allow-local');
    assert.match(verified.stdout, /600 operations allowed, 0 refused/, verified.stderr);
  });
});
