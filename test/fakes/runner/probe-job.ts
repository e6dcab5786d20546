import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FakeJob } from '#test/fakes/github/jobs.ts';
import type { JobResult, JobRun, LogLine, StepResult } from './job-run.ts';
import { runJob } from './runner.ts';

/** Files of an action `acme/probe@v1`, by name. */
export type ActionFiles = Readonly<Record<string, string>>;

/** Says what it sees, and keeps something for its post. */
export const PROBE: ActionFiles = {
  'action.yml': `name: probe
inputs: { word: { default: "from \${{ github.repository }}" }, "two words": {}, old-one: { deprecationMessage: gone soon } }
runs: { using: node24, main: main.js, post: post.js }
`,
  'main.js': `import { appendFileSync } from 'node:fs';
console.log('main', process.env.INPUT_WORD);
appendFileSync(process.env.GITHUB_STATE, 'kept=state\\n');
appendFileSync(process.env.GITHUB_OUTPUT, 'said<<END\\ntwo\\nlines\\nEND\\n');
`,
  'post.js': `console.log('post', process.env.STATE_kept, process.env.INPUT_WORD);`,
  'package.json': '{"type":"module"}',
};

export type ProbeJob = Partial<JobRun> & {
  /** Of the job, YAML; or all of it, from its keys on. */
  readonly steps?: string;
  readonly jobText?: string;
  readonly action?: ActionFiles;
  /** Told the job's folder and what cancels it, for each line of its log. */
  readonly watch?: (line: LogLine, job: { readonly folder: string; cancel(): void }) => void;
};

export type ProbeResult = JobResult & {
  readonly folder: string;
  readonly isEnded: boolean;
  step(name: string, phase?: 'main' | 'post'): StepResult;
};

/** Runs a job of a repository acme/shop that may use `acme/probe@v1`. */
export async function runProbe(t: TestContext, { steps = '', jobText, action = PROBE, watch, ...setup }: ProbeJob): Promise<ProbeResult> {
  const folder = mkdtempSync(join(tmpdir(), 'dg-runner-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(folder, 'probe');
  for (const [name, text] of Object.entries(action)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), text);
  }
  const { job, hasEnded } = probeJob();
  const text = jobText ?? `steps:\n${steps}`;
  const running = runJob({
    ...{ job, jobId: 'test', folder: join(folder, 'runner'), actions: { 'acme/probe@v1': source }, timeScale: 20 },
    workflow: `jobs:\n  test:\n${text.replace(/^(?=.)/gm, '    ')}`,
    onLine: (line) => watch?.(line, { folder: join(folder, 'runner'), cancel: () => running.cancel() }),
    ...setup,
  });
  const result = await running.result;
  return {
    ...result,
    folder: join(folder, 'runner'),
    isEnded: hasEnded(),
    step(name, phase = 'main') {
      const found = result.steps.find((each) => each.name === name && each.phase === phase);
      if (found === undefined) throw new Error(`Cannot find step ${name}: there are ${result.steps.map((each) => each.name).join(', ')}`);
      return found;
    },
  };
}

/** A job of nobody's: it mints and stores nothing. */
export function probeJob(): { readonly job: FakeJob; hasEnded(): boolean } {
  let isEnded = false;
  const ref = 'refs/heads/main';
  const job: FakeJob = {
    token: 'token-of-the-job',
    claims: { repository: 'acme/shop', repository_id: '7', actor: 'developer', actor_id: '77', ref, ref_type: 'branch' },
    environment: () => ({
      ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_NAME: 'push', GITHUB_REF: ref },
      ...{ GITHUB_RUN_ID: '1', GITHUB_SERVER_URL: 'https://github.localhost' },
    }),
    runtimeEnvironment: () => ({
      ...{ ACTIONS_RUNTIME_TOKEN: 'token-of-the-job', ACTIONS_RESULTS_URL: 'http://127.0.0.1:1/' },
      ...{ ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/idtoken?v=1', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token-of-the-job' },
    }),
    mint: () => Promise.reject(new Error('Cannot mint: this job has no issuer')),
    artifacts: () => [],
    end: () => {
      isEnded = true;
    },
  };
  return { job, hasEnded: () => isEnded };
}
