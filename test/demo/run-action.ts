import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyAction, unpackBundle, writeKeys } from '#test/e2e/job.ts';
import { startGithub } from '#test/fakes/github/github.ts';
import { runJob } from '#test/fakes/runner/runner.ts';
import type { DemoDone, DemoPlace } from './run-program.ts';
import { AGENT_SCRIPT, POLICY, WORKFLOW } from './shop.ts';

const ACTION = 'acme/duty-gate@v1';

/** The Action as a workflow uses it: a simulated runner runs the built one, a simulated GitHub vouches for the job. */
export async function runAction({ out, scratch, port, password, psql, say }: DemoPlace): Promise<DemoDone> {
  const action = copyAction(scratch);
  const github = await startGithub();
  try {
    const policy = POLICY(port, `{ issuer: "${github.issuer}", repository: acme/shop, event: push }`);
    writeFileSync(join(out, 'policy.yml'), policy);
    writeFileSync(join(out, 'workflow.yml'), WORKFLOW);
    const repository = github.addRepository({ owner: 'acme', name: 'shop', files: { '.github/duty-gate.yml': policy } });
    const job = github.startJob({ repository, event: 'push', permissions: { 'id-token': 'write', contents: 'read' } });
    say('A workflow runs (demo-out/workflow.yml). The agent\'s duty is "log-reader" (demo-out/policy.yml). The job\'s log:\n');
    const { result } = runJob({
      ...{ job, jobId: 'ask-the-agent', folder: join(scratch, 'runner'), workflow: WORKFLOW, actions: { [ACTION]: action } },
      secrets: { ORDERS_DB_PASSWORD: password },
      workspaceFiles: { 'agent.sh': AGENT_SCRIPT },
      environment: { PATH: process.env['PATH'] ?? '', PSQL: psql },
      onLine: ({ text }) => say(`  ${text}`),
    });
    const { conclusion } = await result;
    const bundle = unpackBundle(job, out);
    const report = join(out, 'report.html');
    const uploaded = job.artifacts().find(({ name }) => name.endsWith('.html'));
    if (uploaded === undefined) throw new Error('Cannot find the report: no artifact is one, expected the job to upload it');
    writeFileSync(report, uploaded.content());
    return { ok: conclusion === 'success', bundle, report, trust: ['--keys', writeKeys(github, out)] };
  } finally {
    await github.stop();
  }
}
