import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clientProgram } from '#test/servers/clients.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { Bench } from './harness.ts';

const SHOP = ['CREATE TABLE notes (id serial PRIMARY KEY, note text)'];
const WRITER = '{ allow: [ { on: orders-db, effects: [read, insert, session, execute] } ] }';
const MORE = {
  duties: `  reader: { allow: [ { on: orders-db, effects: [read, session] } ] }
  writer: { allow: [ { on: orders-db, effects: [read, insert, session, execute] } ] }`,
  top: 'agents:\n  - { match: "**/robot", duty: reader }',
};
const TRY = `try() { ${clientProgram('psql')} -X -q -c "INSERT INTO notes (note) VALUES ('$1')" >/dev/null 2>&1 && echo "$1 yes" || echo "$1 no"; }`;

describe('nested sessions on a real PostgreSQL, as shipped', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres({ major: 18, sql: SHOP });
  });
  after(async () => server?.stop());

  async function runStep(t: { after(what: () => void): void }, step: string) {
    const bench = new Bench(server, WRITER, MORE);
    t.after(() => bench.remove());
    const put = (name: string, text: string): void => {
      writeFileSync(join(bench.workspace, name), `#!/bin/bash\n${TRY}\n${text}\n`);
      chmodSync(join(bench.workspace, name), 0o755);
    };
    put('attempt', 'try "$1"');
    put('robot', 'try robot; duty-gate run --duty writer -- ./attempt sub-agent');
    const ended = await bench.run(['bash', '-c', `${TRY}\n${step}`]).ended;
    assert.notEqual(ended.code, 125, ended.stderr);
    const [bundle = ''] = bench.bundles();
    const entries = readFileSync(join(bundle, 'audit.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).entry);
    const verified = await bench.verify(bundle, '--allow-local');
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    return { said: ended.stdout.split(/\r?\n/).filter((line) => / (?:yes|no)$/.test(line)), entries };
  }

  it('hold a child to its duty and its parent’s, and leave the parent as it was', async (t) => {
    const { said, entries } = await runStep(
      t,
      'duty-gate run --duty reader -- ./attempt child; duty-gate run --duty writer -- ./attempt other; try parent',
    );
    assert.deepEqual(said, ['child no', 'other yes', 'parent yes']);
    const decided = entries.filter(({ kind, statement }) => kind === 'decision' && /INSERT/.test(statement));
    assert.deepEqual(
      decided.map(({ link, duty, outcome }) => [link, duty, outcome]),
      [
        ['2', 'tester & reader', 'deny'],
        ['3', 'tester & writer', 'allow'],
        ['1', 'tester', 'allow'],
      ],
    );
  });

  it('W-del-1 refuse a sub-agent that asks for more than its agent has, and name all three links', async (t) => {
    const { said, entries } = await runStep(t, './robot');
    assert.deepEqual(said, ['robot no', 'sub-agent no']);
    const [agent] = entries.filter(({ kind }) => kind === 'agent');
    const [delegation] = entries.filter(({ kind }) => kind === 'delegation');
    assert.deepEqual([agent.link, agent.duty, agent.match], ['1', 'reader', '**/robot']);
    assert.deepEqual([delegation.parent, delegation.duty, delegation.duties], ['1', 'writer', ['tester', 'reader', 'writer']]);
    const refused = entries.filter(({ kind, outcome }) => kind === 'decision' && outcome === 'deny');
    assert.deepEqual(
      refused.map(({ link, duty }) => [link, duty]),
      [
        ['1', 'tester & reader'],
        ['2', 'tester & reader & writer'],
      ],
    );
  });
});
