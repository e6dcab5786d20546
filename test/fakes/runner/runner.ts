import { randomUUID } from 'node:crypto';
import { hostEnvironment } from './environment.ts';
import { expand } from './expressions.ts';
import { type Host, prepareHost } from './host.ts';
import type { JobResult, JobRun, LogLine, RunningJob, StepResult } from './job-run.ts';
import { contextsOf, type JobState, makeState } from './job-state.ts';
import { type PlannedStep, planMain } from './plan-step.ts';
import type { StepProcess } from './process.ts';
import { notRun, StepRun } from './run-step.ts';
import { type Process, processesNow, sweep, untilGone } from './sweep.ts';
import { readJob, type WorkflowJob } from './workflow-file.ts';

/** A cancelled job is given up after this. */
const CANCELLED_MS = 5 * 60_000;

/** GitHub's runner on Linux, as far as a job of `run:` and JavaScript `uses:` steps can tell. */
export function runJob(setup: JobRun): RunningJob {
  const run = new Run(setup);
  return { cancel: () => run.cancel(), result: run.all() };
}

class Run {
  readonly #setup: JobRun;
  readonly #trackingId = `github_${randomUUID()}`;
  readonly #results: StepResult[] = [];
  readonly #lines: string[] = [];
  readonly #processes: StepProcess[] = [];
  /** Last in, first out. */
  readonly #posts: PlannedStep[] = [];
  #existing: readonly Process[] = [];
  #current: StepRun | null = null;
  #state: JobState | null = null;
  #isCancelled = false;
  #isOver = false;
  #isGivenUp = false;
  #cap: NodeJS.Timeout | undefined;

  constructor(setup: JobRun) {
    this.#setup = setup;
  }

  cancel(): void {
    if (this.#isCancelled || this.#isOver) return;
    this.#isCancelled = true;
    if (this.#state !== null) this.#state.status = 'cancelled';
    this.#cap = setTimeout(() => this.#giveUp(), this.#setup.cancelledMs ?? CANCELLED_MS);
    this.#current?.cancel();
  }

  async all(): Promise<JobResult> {
    try {
      const job = readJob(this.#setup.workflow, this.#setup.jobId);
      const host = prepareHost(this.#setup, job);
      const state = makeState(this.#setup, host, job);
      if (this.#isCancelled) state.status = 'cancelled';
      this.#state = state;
      this.#existing = processesNow();
      for (const step of job.steps) await this.#run(planMain(step, job), state, host);
      for (let post = this.#posts.pop(); post !== undefined; post = this.#posts.pop()) await this.#run(post, state, host);
      return await this.#end(job, state);
    } finally {
      this.#clearUp();
    }
  }

  async #run(step: PlannedStep, state: JobState, host: Host): Promise<void> {
    if (this.#isGivenUp) return void this.#results.push(notRun(step, 'cancelled'));
    const running = new StepRun(step, {
      ...{ setup: this.#setup, state, host, hostEnvironment: hostEnvironment(this.#setup, host, this.#trackingId) },
      onLine: (line) => this.#say(line),
      onProcess: (process) => void this.#processes.push(process),
      onPost: (post) => void this.#posts.push(post),
    });
    this.#current = running;
    const result = await running.all();
    this.#current = null;
    this.#results.push(result);
    if (result.conclusion === 'failure' && state.status === 'success') state.status = 'failure';
  }

  async #end({ outputs }: WorkflowJob, state: JobState): Promise<JobResult> {
    const contexts = contextsOf(state, this.#setup, state.env);
    const told = Object.entries(outputs).map(([name, text]) => [name, expand(text, contexts)] as const);
    // The runner hands on nothing that it would hide.
    const open = told.filter(([, value]) => value !== '' && state.masks.hide(value) === value);
    const swept = sweep(this.#trackingId, this.#existing);
    await untilGone(swept);
    for (const { pid, name } of swept) {
      this.#say({ step: 'Complete job', stream: 'runner', text: `Terminate orphan process: pid (${pid}) (${name})` });
    }
    return {
      ...{ conclusion: state.status, steps: this.#results, log: this.#lines.join('\n') },
      ...{ outputs: Object.fromEntries(open), swept: swept.map(({ pid }) => pid) },
    };
  }

  /** Also when something of ours broke: no process, timer or token outlives the job. */
  #clearUp(): void {
    this.#isOver = true;
    clearTimeout(this.#cap);
    if (this.#current !== null) this.#current.kill();
    sweep(this.#trackingId, this.#existing);
    for (const process of this.#processes) process.release();
    this.#setup.job.end();
  }

  #giveUp(): void {
    this.#isGivenUp = true;
    this.#current?.kill();
  }

  #say(line: LogLine): void {
    this.#lines.push(line.text);
    this.#setup.onLine?.(line);
  }
}
