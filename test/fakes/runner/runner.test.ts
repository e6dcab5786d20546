import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { startGithub } from '#test/fakes/github/github.ts';
import { PROBE, probeJob, runProbe } from './probe-job.ts';
import { runJob } from './runner.ts';

const USE = '- uses: acme/probe@v1\n';

describe('runJob(): actions', () => {
  it('runJob() runs main at its place and post at the end, with inputs, state and outputs', async (t) => {
    const { log, conclusion } = await runProbe(t, {
      steps: `- uses: acme/probe@v1\n  id: probe\n- run: echo "it said \${{ steps.probe.outputs.said }}"\n`,
    });
    assert.equal(conclusion, 'success', log);
    assert.equal(log, 'main from acme/shop\nit said two\nlines\npost state from acme/shop');
  });

  it('runJob() runs posts last in, first out, each with its own state and inputs', async (t) => {
    const main = `import { appendFileSync } from 'node:fs';
console.log('main', process.env.INPUT_WORD);
appendFileSync(process.env.GITHUB_STATE, 'kept=' + process.env.INPUT_WORD);`;
    const { log } = await runProbe(t, {
      steps: `${USE}  with: { word: first }\n${USE}  with: { WORD: second }\n`,
      action: { ...PROBE, 'main.js': main },
    });
    assert.equal(log, 'main first\nmain second\npost second second\npost first first');
  });

  it('runJob() runs post after a failure, also of main itself, and what asks for it, and skips the rest', async (t) => {
    const { steps, conclusion } = await runProbe(t, {
      steps: `${USE}- name: skipped\n  run: echo no\n- name: always\n  if: always()\n  run: echo yes\n- name: failure\n  if: failure()\n  run: echo yes\n`,
      action: { ...PROBE, 'main.js': 'process.exit(3)' },
    });
    assert.equal(conclusion, 'failure');
    assert.deepEqual(
      steps.map(({ name, outcome, exitCode }) => `${name} ${outcome} ${exitCode}`),
      ['Run acme/probe@v1 failure 3', 'skipped skipped null', 'always success 0', 'failure success 0', 'Post Run acme/probe@v1 success 0'],
    );
  });

  for (const [condition, outcome] of [
    ['success()', 'skipped'],
    ['failure()', 'success'],
    ["steps.bad.outcome == 'failure' && !cancelled()", 'success'],
  ] as const) {
    it(`runJob() asks post-if: ${condition}`, async (t) => {
      const { step } = await runProbe(t, {
        steps: `${USE}- id: bad\n  run: exit 1\n`,
        action: { ...PROBE, 'action.yml': PROBE['action.yml']?.replace('post.js }', `post.js, post-if: "${condition}" }`) ?? '' },
      });
      assert.equal(step('Post Run acme/probe@v1', 'post').outcome, outcome);
    });
  }

  it('runJob() runs as post what a step made of the copied action, and leaves the source alone', async (t) => {
    const place = '../../_actions/acme/probe/v1';
    const { log, folder } = await runProbe(t, {
      steps: `${USE}- run: |\n    sed -i s/post.js/evil.js/ ${place}/action.yml\n    echo "console.log('changed')" > ${place}/evil.js\n`,
    });
    assert.match(log, /changed$/);
    assert.ok(!existsSync(join(folder, '../probe/evil.js')));
  });

  it('runJob() finds actions in folders of a repository and of the workspace, and says what it does not find', async (t) => {
    const { log, step, conclusion } = await runProbe(t, {
      steps: '- uses: acme/probe/sub/dir@v1\n- uses: ./own\n- name: none\n  uses: ./nowhere\n',
      action: { 'sub/dir/action.yml': 'runs: { using: node24, main: x.js }', 'sub/dir/x.js': 'console.log("sub")' },
      workspaceFiles: { 'own/action.yaml': 'runs: { using: node20, main: x.js }', 'own/x.js': 'console.log("own")' },
    });
    assert.match(log, /^sub\nown\n##\[error\]Can't find 'action.yml'/);
    assert.equal(step('none').exitCode, null);
    assert.equal(conclusion, 'failure');
  });

  it('runJob() warns of inputs that the action does not know, or does not want any more', async (t) => {
    const { step } = await runProbe(t, { steps: `${USE}  with: { wurd: x, old-one: y }\n` });
    assert.deepEqual(
      step('Run acme/probe@v1').annotations.map(({ level, message }) => `${level} ${message}`),
      [
        "warning Input 'old-one' has been deprecated with message: gone soon",
        "warning Unexpected input(s) 'wurd', valid inputs are ['word', 'two words', 'old-one']",
      ],
    );
  });
});

describe('runJob(): steps', () => {
  it('runJob() goes on after a failure that is forgiven, and tells outcome from conclusion', async (t) => {
    const { conclusion, log, step } = await runProbe(t, {
      steps: `- name: bad\n  id: bad\n  continue-on-error: \${{ 1 == 1 }}\n  run: exit 7\n- run: echo "\${{ steps.bad.outcome }} \${{ steps.bad.conclusion }}"\n`,
    });
    assert.equal(conclusion, 'success');
    assert.deepEqual([step('bad').outcome, step('bad').conclusion, step('bad').exitCode], ['failure', 'success', 7]);
    assert.match(log, /##\[error\]Process completed with exit code 7\.\nfailure success$/);
  });

  it('runJob() gives the job outputs, but for those that hold a secret', async (t) => {
    const { outputs } = await runProbe(t, {
      jobText: `outputs:\n  told: \${{ steps.a.outputs.told }}\n  hidden: \${{ steps.a.outputs.hidden }}\nsteps:\n- id: a\n  run: printf 'told=1\\nhidden=s3cret\\n' >> "$GITHUB_OUTPUT"\n`,
      secrets: { S: 's3cret' },
    });
    assert.deepEqual(outputs, { told: '1' });
  });

  it('runJob() fails a step whose expressions cannot be worked out, and starts nothing of it', async (t) => {
    const { steps } = await runProbe(t, {
      steps: `- run: echo \${{ nowhere.x }}\n- if: always() && f()\n  run: echo no\n- if: always()\n  env: { A: "\${{ 1 + }}" }\n  run: echo no\n`,
    });
    assert.deepEqual(
      steps.map(({ outcome, exitCode }) => `${outcome} ${exitCode}`),
      ['failure null', 'failure null', 'failure null'],
    );
  });

  it('runJob() prints script, shell and environment ahead of a step, hidden, apart from its log', async (t) => {
    const { step, log } = await runProbe(t, {
      steps: `- name: one\n  env: { A: "\${{ secrets.S }}" }\n  run: |\n    true "$A"\n    echo s3cret\n`,
      secrets: { S: 's3cret' },
    });
    const plain = step('one').header.replaceAll(/\u001b\[[0-9;]*m/g, '');
    assert.match(
      plain,
      /^##\[group\]Run true "\$A"\ntrue "\$A"\necho \*\*\*\nshell: \S+\/bash -e \{0\}\nenv:\n {2}A: \*\*\*\n##\[endgroup\]$/,
    );
    assert.equal(log, '***');
  });

  it('runJob() fails for a step file that cannot be read, after what the step itself did', async (t) => {
    const { step } = await runProbe(t, { steps: '- name: bad\n  run: echo nonsense >> "$GITHUB_ENV"\n' });
    assert.equal(step('bad').outcome, 'failure');
    assert.equal(step('bad').exitCode, 0);
    assert.match(step('bad').log, /Unable to process file command 'env' successfully\.\n##\[error\]Invalid format 'nonsense'/);
  });

  it('runJob() obeys commands of both outputs, and stops only for the step that asks', async (t) => {
    const { steps } = await runProbe(t, {
      steps: `- run: echo "::error file=a.yml,line=3::one" >&2\n- run: echo "::stop-commands::until"; echo "::error::not"\n- run: echo "::warning::two"\n`,
    });
    assert.deepEqual(
      steps.flatMap(({ annotations }) => annotations),
      [
        { level: 'error', message: 'one', file: 'a.yml', line: 3 },
        { level: 'warning', message: 'two' },
      ],
    );
  });

  it('runJob() follows a link that a step put where its summary should be: that is for others to prevent', async (t) => {
    const { steps } = await runProbe(t, { steps: '- run: ln -sf /etc/hostname "$GITHUB_STEP_SUMMARY"\n' });
    assert.notEqual(steps[0]?.summary, '');
  });

  it('runJob() shows debug lines where the repository asks for them', async (t) => {
    const { log } = await runProbe(t, { steps: '- run: echo "::debug::seen $RUNNER_DEBUG"\n', vars: { ACTIONS_STEP_DEBUG: 'true' } });
    assert.equal(log, '##[debug]seen 1');
  });
});

describe('runJob(): what cannot be run', () => {
  const BAD: readonly (readonly [string, string, RegExp])[] = [
    ['no such job', 'jobs: { other: { steps: [] } }', /Cannot run job test/],
    ['an action that is not there', 'jobs: { test: { steps: [{ uses: acme/other@v1 }] } }', /Unable to resolve action/],
    ['a name that leaves the folder', 'jobs: { test: { steps: [{ uses: acme/../../x@v1 }] } }', /Expected format|Unable to resolve/],
    ['a step that does nothing', 'jobs: { test: { steps: [{ name: x }] } }', /either uses or run/],
    ['a key of a step that this runner does not know', 'jobs: { test: { steps: [{ run: x, background: true }] } }', /background/],
  ];
  for (const [name, workflow, why] of BAD) {
    it(`runJob() rejects ${name}, and the job's tokens die`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'dg-runner-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const { job, hasEnded } = probeJob();
      await assert.rejects(runJob({ job, workflow, jobId: 'test', folder, actions: {} }).result, why);
      assert.ok(hasEnded());
    });
  }
});

test('runJob() runs a job of the simulated GitHub: its token mints while the job lives, and not afterwards', async (t) => {
  const github = await startGithub();
  t.after(() => github.stop());
  const repository = github.addRepository({ owner: 'acme', name: 'shop' });
  const job = github.startJob({ repository, permissions: { 'id-token': 'write' } });
  const curl = `curl -s -o /dev/null -w '%{http_code}\\n' -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL"`;
  const ended = await runProbe(t, { job, steps: `- run: |\n    ${curl}\n    echo "$GITHUB_RUN_ID $ACTIONS_ID_TOKEN_REQUEST_TOKEN"\n` });
  assert.equal(ended.log, `200\n${job.claims['run_id']} ***`);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = job.runtimeEnvironment();
  assert.equal((await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status, 401);
});
