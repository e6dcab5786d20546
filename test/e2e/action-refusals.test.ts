import assert from 'node:assert/strict';
import { it } from 'node:test';
import { verify } from '#test/gateway/harness.ts';
import { actionStep, type ShopJob, step, unpackBundle, writeKeys } from './job.ts';
import { describeJobs, REPORT } from './job-suite.ts';

describeJobs('uses: acme/duty-gate@v1 refuses', ({ github, shop, withJob }) => {
  const REFUSALS: readonly { name: string; setup: () => ShopJob; says: RegExp }[] = [
    {
      name: 'no id-token: write',
      setup: () => ({ steps: REPORT, job: { permissions: { contents: 'read' } } }),
      says: /id-token: write/,
    },
    {
      name: "a fork's pull request",
      setup: () => ({ steps: REPORT, job: { event: 'pull_request', fork: true, ref: 'refs/pull/1/merge' } }),
      says: /fork/,
    },
    {
      name: 'pull_request_target that no binding names',
      setup: () => ({
        steps: REPORT,
        job: { event: 'pull_request_target' },
        policy: shop()
          .policy('"acme/*"')
          .replace(/, event: \[[^\]]*\]/, ''),
      }),
      says: /pull_request_target/,
    },
    {
      name: 'a job that no binding matches',
      setup: () => ({ steps: REPORT, policy: shop().policy('acme/other') }),
      says: /no binding of the policy matches[\s\S]*repository: is "acme\/shop-\d+", wants "acme\/other"/,
    },
    { name: 'a gateway elsewhere', setup: () => ({ steps: REPORT, inputs: { gateway: 'https://gate.example' } }), says: /gateway/ },
    { name: 'looser egress', setup: () => ({ steps: REPORT, inputs: { 'egress-policy': 'audit' } }), says: /egress-policy/ },
    { name: 'looser confinement', setup: () => ({ steps: REPORT, inputs: { confinement: 'unconfined' } }), says: /confinement/ },
    { name: 'a duty that is not bound', setup: () => ({ steps: REPORT, inputs: { duty: 'destroyer' } }), says: /destroyer/ },
    { name: 'a policy that is not there', setup: () => ({ steps: REPORT, inputs: { policy: 'nowhere.yml' } }), says: /nowhere\.yml/ },
  ];
  for (const { name, setup, says } of REFUSALS) {
    it(
      `refuses ${name}, once and in words, and no wrapped step runs`,
      withJob(setup, async ({ result }) => {
        const ended = await result;
        assert.equal(ended.conclusion, 'failure');
        const main = actionStep(ended, 'main');
        assert.equal(main.outcome, 'failure');
        const errors = main.annotations.filter(({ level }) => level === 'error');
        assert.equal(errors.filter(({ message }) => says.test(message)).length, 1, JSON.stringify(errors));
        assert.equal(step(ended, 'report').outcome, 'skipped');
        assert.deepEqual(ended.swept, []);
      }),
    );
  }

  it(
    'tells every mistake of the policy at its line',
    withJob(
      () => ({ steps: REPORT, policy: shop().policy().replace('effects: [read, session]', 'effects: [reed]').replace('[drop]', '[drip]') }),
      async ({ result }) => {
        const { annotations } = actionStep(await result, 'main');
        const lines = annotations.filter(({ file }) => file === '.github/duty-gate.yml').map(({ line }) => line);
        assert.deepEqual(lines, [13, 14]);
      },
    ),
  );

  it(
    'stops a second use in one job before it opens anything, and the first goes on',
    withJob(
      () => ({ steps: `- uses: acme/duty-gate@v1\n  id: second\n  continue-on-error: true\n${REPORT}` }),
      async ({ result, job, folder }) => {
        const ended = await result;
        const second = ended.steps.find(({ id, phase }) => id === 'second' && phase === 'main');
        assert.equal(second?.outcome, 'failure');
        assert.match(second?.log ?? '', /session already/);
        assert.equal(step(ended, 'report').outcome, 'success', ended.log);
        const bundle = unpackBundle(job, folder);
        assert.equal((await verify(bundle, '--keys', writeKeys(github(), folder))).code, 0);
      },
    ),
  );
});
