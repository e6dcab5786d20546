import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { verify } from '#test/gateway/harness.ts';
import { actionStep, step, unpackBundle, writeKeys } from './job.ts';
import { describeJobs, PSQL } from './job-suite.ts';

describeJobs('a job of uses: acme/duty-gate@v1 that does not end by itself', ({ github, withJob }) => {
  const SLEEPY = `- name: sleepy
  run: |
    ${PSQL} -A -t -c 'SELECT name FROM customers'
    (trap '' INT TERM HUP; exec -a deaf-child sleep 600) &
    echo "asleep"
    trap '' INT TERM
    while :; do sleep 1; done
`;
  it(
    'cancel: the command is gone, the recording is there up to then, and post still uploads',
    withJob(
      () => ({ steps: SLEEPY, run: { timeScale: 5 } }),
      async ({ result, cancel, job, folder }) => {
        await untilLogged(folder, 'asleep');
        cancel();
        const ended = await result;
        assert.equal(ended.conclusion, 'cancelled');
        assert.equal(actionStep(ended, 'post').outcome, 'success', ended.log);
        assert.ok(!processes().includes('deaf-child'));
        const bundle = unpackBundle(job, folder);
        const { code, page } = await verify(bundle, '--keys', writeKeys(github(), folder));
        assert.equal(code, 0, page);
        assert.match(readFileSync(join(bundle, 'recordings/1/terminal.cast'), 'utf8'), /asleep/);
      },
    ),
  );

  it(
    'time-out: the same, for the step that takes too long',
    withJob(
      () => ({ steps: SLEEPY.replace('- name: sleepy', '- name: sleepy\n  timeout-minutes: 0.1'), run: { timeScale: 5 } }),
      async ({ result, job, folder }) => {
        const ended = await result;
        assert.equal(step(ended, 'sleepy').outcome, 'failure');
        assert.equal(actionStep(ended, 'post').outcome, 'success', ended.log);
        assert.ok(!processes().includes('deaf-child'));
        assert.equal((await verify(unpackBundle(job, folder), '--keys', writeKeys(github(), folder))).code, 0);
      },
    ),
  );

  it(
    'cancel while the action opens the session: nothing is left behind, and post has nothing to say but that',
    withJob(
      () => ({ steps: SLEEPY, run: { timeScale: 5 } }),
      async ({ result, cancel, folder }) => {
        await untilThere(join(folder, 'runner/work/_temp'), 'duty-gate-evidence-');
        cancel();
        const ended = await result;
        assert.equal(ended.conclusion, 'cancelled');
        assert.equal(step(ended, 'sleepy').outcome, 'skipped');
        assert.deepEqual(ended.swept, []);
        assert.equal(actionStep(ended, 'post').outcome, 'success', ended.log);
      },
    ),
  );

  it(
    'cancel in a step that is not wrapped: post seals what the wrapped ones did',
    withJob(
      () => ({
        steps: `- name: report\n  run: |\n    ${PSQL} -A -t -c 'SELECT name FROM customers'\n- name: plain\n  shell: bash {0}\n  run: touch "$RUNNER_TEMP/plain-runs"; sleep 600\n`,
        run: { timeScale: 5 },
      }),
      async ({ result, cancel, job, folder }) => {
        await untilThere(join(folder, 'runner/work/_temp'), 'plain-runs');
        cancel();
        const ended = await result;
        assert.equal(ended.conclusion, 'cancelled');
        assert.equal((await verify(unpackBundle(job, folder), '--keys', writeKeys(github(), folder))).code, 0);
      },
    ),
  );

  it(
    'the gateway is killed: wrapped steps end with 123 or do not start, and post uploads what there is, unsealed, and fails',
    withJob(
      () => ({
        steps: `- name: asleep\n  continue-on-error: true\n  run: |\n    echo "asleep"\n    sleep 600\n- name: after\n  if: always()\n  continue-on-error: true\n  run: echo never\n`,
        run: { timeScale: 5 },
      }),
      async ({ result, job, folder }) => {
        await untilLogged(folder, 'asleep');
        process.kill(gatewayOf(folder), 'SIGKILL');
        const ended = await result;
        assert.deepEqual([step(ended, 'asleep').exitCode, step(ended, 'after').exitCode], [123, 125]);
        const post = actionStep(ended, 'post');
        assert.equal(post.outcome, 'failure', ended.log);
        assert.equal((await verify(unpackBundle(job, folder), '--keys', writeKeys(github(), folder))).code, 4);
        assert.match(post.summary, /not sealed|unsealed/i);
      },
    ),
  );
});

/** Waits until the step has printed it, as far as its recording on the host shows. */
async function untilLogged(folder: string, text: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    for (const path of existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []) {
      if (path.endsWith('terminal.rec') && readFileSync(join(folder, path)).includes(text)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot find ${text}: no recording shows it`);
}

function processes(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}

async function untilThere(folder: string, prefix: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(prefix))) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Cannot find ${prefix}: it did not appear in ${folder}`);
}

/** The process that has this job's evidence open. */
function gatewayOf(folder: string): number {
  const isGateway = (pid: string): boolean => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some(
        (fd) => linkOf(`/proc/${pid}/fd/${fd}`).startsWith(folder) && linkOf(`/proc/${pid}/fd/${fd}`).endsWith('audit.jsonl'),
      );
    } catch {
      return false;
    }
  };
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isGateway(name));
  if (found === undefined) throw new Error('Cannot find the gateway: no process has the audit open');
  return Number(found);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
