import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { NOTES, READER, runWriterStep, WRITER } from './writer-step.ts';

const DUTIES = `  reader: ${READER}\n  writer: ${WRITER}\n  few: ${WRITER.replace(/\}$/, ', limits: { operations: 1 } }')}`;
const SCRIPTS = { attempt: 'try "$1"', robot: 'try robot; duty-gate run --duty writer -- ./attempt sub-agent' };

describe('nested sessions on a real PostgreSQL, as shipped', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres({ major: 18, sql: NOTES });
  });
  after(async () => server?.stop());

  const runStep = (t: TestContext, step: string) => runWriterStep(t, { server, step, duties: DUTIES, scripts: SCRIPTS });

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

  it('share what the session has of a duty’s operations, however many they are', async (t) => {
    const { said, entries } = await runStep(
      t,
      'duty-gate run --duty few -- ./attempt one; duty-gate run --duty few -- ./attempt two; duty-gate run --duty few -- duty-gate run --duty writer -- ./attempt deep; try parent',
    );
    assert.deepEqual(said, ['one yes', 'two no', 'deep no', 'parent yes']);
    const over = entries.filter(({ kind, outcome }) => kind === 'decision' && outcome === 'over-limit');
    assert.deepEqual(
      over.map(({ duty, reasons }) => [duty, reasons.join()]),
      ['tester & few', 'tester & few & writer'].map((duty) => [duty, 'duty-gate limit reached: 1 operations of duty "few" in one session']),
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
