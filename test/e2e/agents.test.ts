import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { clientProgram } from '#test/servers/clients.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { Bench } from './harness.ts';
import { NOTES, READER, ROBOT_READS, runWriterStep, TRY, WRITER } from './writer-step.ts';

const DUTIES = `  reader: ${READER}`;

describe('agents of a policy, as shipped', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres({ major: 18, sql: NOTES });
  });
  after(async () => server?.stop());

  /** Runs a step; `robot` beside it is a script of the interpreter in its first line. */
  async function runStep(t: TestContext, step: string) {
    const { said, entries } = await runWriterStep(t, { server, step, duties: DUTIES, scripts: { robot: 'try robot' } });
    return { said, agents: entries.filter(({ kind }) => kind === 'agent'), decisions: entries.filter(({ kind }) => kind === 'decision') };
  }

  it('let a step without agents do what its duty allows', async (t) => {
    const { said, agents } = await runStep(t, 'try one; try two');
    assert.deepEqual(said, ['one yes', 'two yes']);
    assert.deepEqual(agents, []);
  });

  it('R26 hold an agent, and from then on all that shares its cage, to the duty of both', async (t) => {
    const { said, agents, decisions } = await runStep(t, 'try before; ./robot; try after');
    assert.deepEqual(said, ['before yes', 'robot no', 'after no']);
    assert.deepEqual(
      agents.map(({ link, agent, duty, duties, match }) => [link, agent, duty, duties, match]),
      [['1', '1-1', 'reader', ['tester', 'reader'], '**/robot']],
    );
    assert.deepEqual(
      decisions.filter(({ outcome }) => outcome === 'deny').map(({ duty }) => duty),
      ['tester & reader', 'tester & reader'],
    );
  });

  it('tell whoever asks inside by whoami, before and after', async (t) => {
    const bench = new Bench(server, WRITER, { duties: DUTIES, top: ROBOT_READS });
    t.after(() => bench.remove());
    writeFileSync(join(bench.workspace, 'robot'), `${TRY}\ntry robot\n`);
    const asked = `${bench.dutyGate} whoami --json`;
    const { stdout, stderr } = await bench.run(['bash', '-c', `${asked}; bash robot; ${asked}; ${bench.dutyGate} whoami`]).ended;
    const lines = stdout.split(/\r?\n/);
    const [before, after] = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    assert.ok(before !== undefined && after !== undefined, stdout + stderr);
    const [chain, duties] = ['chain', 'duties'] as const;
    assert.deepEqual([before[chain].length, before[duties].length], [1, 1]);
    assert.deepEqual(
      after[chain].map(({ link, duty }: { link: string; duty: string }) => [link, duty]),
      [
        ['job', 'tester'],
        ['1-1', 'reader'],
      ],
    );
    assert.deepEqual(
      after[duties].map(({ duty }: { duty: string }) => duty),
      ['tester', 'reader'],
    );
    assert.equal(after.token.split('.').length, 3);
    assert.ok(lines.some((line) => line.includes('robot as reader')));
  });

  const waysOfRunning: readonly (readonly [string, string])[] = [
    ['by an interpreter', 'bash ./robot'],
    ['behind an option', 'bash -e -o pipefail ./robot'],
    ['from a folder of its own', 'mkdir x && cp robot x/ && cd x && bash robot; cd ..'],
    ['as a copied program', 'cp /bin/bash ./robot && ./robot -c "$(declare -f try); try robot; :"'],
    ['by a link', 'ln -sf /bin/bash ./robot && ./robot -c "$(declare -f try); try robot; :"'],
    [
      'in the background of a step that connects itself',
      'cp /bin/sleep ./robot && ./robot 60 & while ! pidof -q robot; do :; done; try robot',
    ],
  ];
  for (const [what, way] of waysOfRunning) {
    it(`R25 find one that is run ${what}`, async (t) => {
      const { said, agents } = await runStep(t, `${way}\ntry after`);
      assert.deepEqual(said, ['robot no', 'after no']);
      assert.equal(agents.length, 1);
    });
  }

  it('R26 narrow a connection that was open before the agent came', async (t) => {
    const insert = "INSERT INTO notes (note) VALUES ('x');";
    const step = [
      `coproc P { ${clientProgram('psql')} -X -q -A -t 2>&1; }`,
      `say() { echo "$1" >&"\${P[1]}"; read -r line <&"\${P[0]}"; }`,
      `say "${insert} SELECT 'open yes';"; echo "$line"`,
      './robot',
      `say "${insert}"; case $line in *reader*) echo open no;; *) echo "open $line yes";; esac`,
    ].join('\n');
    const { said } = await runStep(t, step);
    assert.deepEqual(said, ['open yes', 'robot no', 'open no']);
  });
});
