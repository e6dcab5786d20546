import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
