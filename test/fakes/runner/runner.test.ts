import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FakeGithub, startGithub } from '#test/fakes/github/github.ts';
import type { JobResult, JobRun } from './job-run.ts';
import { runJob } from './runner.ts';

const ACTION = `name: probe
inputs: { word: { default: "from \${{ github.repository }}" } }
runs: { using: node24, main: main.js, post: post.js }
`;
const MAIN = `import { appendFileSync } from 'node:fs';
console.log('main', process.env.INPUT_WORD, 'runtime' in process.env, process.env.ACTIONS_RUNTIME_TOKEN ? 'has a token' : 'has none');
appendFileSync(process.env.GITHUB_STATE, 'kept=state\\n');
appendFileSync(process.env.GITHUB_OUTPUT, 'said<<END\\ntwo\\nlines\\nEND\\n');
`;
const POST = `console.log('post', process.env.STATE_kept, process.env.INPUT_WORD);`;

async function run(t: TestContext, steps: string, setup: Partial<JobRun> = {}, cancelAt?: string): Promise<JobResult> {
  const github: FakeGithub = await startGithub();
  t.after(() => github.stop());
  const folder = mkdtempSync(join(tmpdir(), 'dg-runner-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const action = join(folder, 'probe');
  mkdirSync(action);
  for (const [name, text] of [
    ['action.yml', ACTION],
    ['main.js', MAIN],
    ['post.js', POST],
    ['package.json', '{"type":"module"}'],
  ] as const) {
    writeFileSync(join(action, name), text);
  }
  const job = github.startJob({ repository: github.addRepository({ owner: 'acme', name: 'shop' }), permissions: { 'id-token': 'write' } });
  const workflow = `jobs:\n  test:\n    steps:\n${steps.replace(/^(?=.)/gm, '      ')}`;
  const running = runJob({
    ...{ job, workflow, jobId: 'test', folder: join(folder, 'runner'), actions: { 'acme/probe@v1': action }, timeScale: 20 },
    onLine: ({ text }) => {
      if (cancelAt !== undefined && text.includes(cancelAt)) running.cancel();
    },
    ...setup,
  });
  return running.result;
}

test('runJob() runs main at its place and post at the end, with inputs, state and outputs', async (t) => {
  const { log, conclusion } = await run(t, `- uses: acme/probe@v1\n  id: probe\n- run: echo "it said \${{ steps.probe.outputs.said }}"\n`);
  assert.equal(conclusion, 'success', log);
  assert.equal(log, 'main from acme/shop false has a token\nit said two\nlines\npost state from acme/shop');
});

test('runJob() runs post after a failure, and what asks for it, and skips the rest', async (t) => {
  const { steps, conclusion } = await run(
    t,
    "- uses: acme/probe@v1\n- name: bad\n  run: 'false | true; exit 0'\n- name: skipped\n  run: echo no\n- name: always\n  if: always()\n  run: echo yes\n",
  );
  assert.equal(conclusion, 'failure');
  assert.deepEqual(
    steps.map(({ name, phase, outcome }) => `${name} ${phase} ${outcome}`),
    ['acme/probe@v1 main success', 'bad main failure', 'skipped main skipped', 'always main success', 'acme/probe@v1 post success'],
  );
});

test('runJob() runs as post what a step made of the copied action', async (t) => {
  const { log } = await run(t, '- uses: acme/probe@v1\n- run: echo "console.log(\'changed\')" > ../_actions/acme/probe/v1/post.js\n');
  assert.match(log, /changed$/);
});

test('runJob() gives a step its environment: tokens to mint with, none of the inputs or of the runtime', async (t) => {
  const { log } = await run(t, '- uses: acme/probe@v1\n- run: env; test -t 0 && echo terminal; read -r line || echo "no input"\n');
  for (const name of ['GITHUB_REPOSITORY=acme/shop', 'ACTIONS_ID_TOKEN_REQUEST_URL=', 'RUNNER_TRACKING_ID=', 'no input'])
    assert.ok(log.includes(name), name);
  for (const name of ['INPUT_', 'ACTIONS_RUNTIME_TOKEN=', 'terminal']) assert.ok(!log.includes(name), name);
});

test('runJob() carries $GITHUB_ENV and $GITHUB_PATH to later steps, but for what the runner keeps', async (t) => {
  const { log } = await run(
    t,
    [
      '- run: |',
      '    mkdir "$RUNNER_TEMP/bin"; printf "#!/bin/sh\\necho found" > "$RUNNER_TEMP/bin/tool"; chmod +x "$RUNNER_TEMP/bin/tool"',
      '    { echo "A=1"; echo "NODE_OPTIONS=--inspect"; echo "GITHUB_REPOSITORY=evil/evil"; } >> "$GITHUB_ENV"',
      '    echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"',
      `- run: echo "$A \${NODE_OPTIONS-none} $GITHUB_REPOSITORY $(tool)"`,
      '',
    ].join('\n'),
  );
  assert.match(log, /1 none acme\/shop found/);
});

test('runJob() finds a custom shell on $GITHUB_PATH and hands it a script without an extension', async (t) => {
  const steps = [
    '- run: |',
    `    printf "#!/bin/sh\\necho \\"with \\$1 \\\${2##*/}\\"; cat \\"\\$2\\"" > "$RUNNER_TEMP/own"; chmod +x "$RUNNER_TEMP/own"; echo "$RUNNER_TEMP" >> "$GITHUB_PATH"`,
    '- shell: own word {0}',
    '  run: the script',
    '- name: none',
    '  shell: nowhere {0}',
    '  run: x',
    '',
  ];
  const { log, steps: results } = await run(t, steps.join('\n'));
  assert.match(log, /with word [0-9a-f-]{36}\nthe script/);
  assert.equal(results.at(-1)?.exitCode, 127);
});

test('runJob() obeys commands, hides secrets, and stops obeying when told', async (t) => {
  const { log, steps } = await run(
    t,
    [
      '- run: |',
      '    echo "::error file=a.yml,line=3,title=T%2C::bad%0Athing"',
      '    echo "  ::add-mask::hidden"; echo "it is hidden, and s3cret"',
      '    echo "::stop-commands::token"; echo "::error::not one"; echo "::token::"; echo "::warning::one"',
      '',
    ].join('\n'),
    { secrets: { S: 's3cret' } },
  );
  assert.match(log, /it is \*\*\*, and \*\*\*/);
  assert.deepEqual(steps[0]?.annotations, [
    { level: 'error', message: 'bad\nthing', file: 'a.yml', line: 3, title: 'T,' },
    { level: 'warning', message: 'one' },
  ]);
});

test('runJob() follows a link that a step put where its summary should be: that is for others to prevent', async (t) => {
  const { steps } = await run(t, '- run: ln -sf /etc/hostname "$GITHUB_STEP_SUMMARY"\n');
  assert.notEqual(steps[0]?.summary, '');
});

test('runJob() cancels: INT, TERM, KILL to the step alone, then post, and sweeps what is left', async (t) => {
  const { conclusion, steps, swept } = await run(
    t,
    '- uses: acme/probe@v1\n- name: deaf\n  run: |\n    (trap "" INT TERM; sleep 300) & \n    trap "echo asked" INT; trap "" TERM; echo ready; while :; do sleep 0.1; done\n',
    {},
    'ready',
  );
  assert.equal(conclusion, 'cancelled');
  assert.match(steps.find(({ name }) => name === 'deaf')?.log ?? '', /asked/);
  assert.equal(steps.at(-1)?.outcome, 'success');
  assert.ok(swept.length > 0);
  while (swept.some((pid) => existsSync(`/proc/${pid}/root/proc`))) await new Promise(setImmediate);
});
