import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepEnvironment } from './environment.ts';
import { type Contexts, expand, holds, settingOf } from './expressions.ts';
import { makeStepFiles, processStepFiles, type StepFiles } from './file-commands.ts';
import type { Host } from './host.ts';
import type { JobRun, LogLine, StepResult } from './job-run.ts';
import { addPath, contextsOf, eventOf, type JobState } from './job-state.ts';
import { type Execution, type PlannedStep, planAction, planPost, planRun } from './plan-step.ts';
import { type StepProcess, startProcess } from './process.ts';
import { StepLog } from './step-log.ts';

export type StepWorld = {
  readonly setup: JobRun;
  readonly state: JobState;
  readonly host: Host;
  readonly hostEnvironment: Readonly<Record<string, string>>;
  onLine(line: LogLine): void;
  onProcess(process: StepProcess): void;
  onPost(post: PlannedStep): void;
};

type Outcome = StepResult['outcome'];
type Stop = 'cancelled' | 'timed out';

/** One step, from its condition to its result. */
export class StepRun {
  readonly #planned: PlannedStep;
  readonly #world: StepWorld;
  readonly #env: Map<string, string>;
  readonly #log: StepLog;
  #name: string;
  #process: StepProcess | null = null;
  #stop: Stop | null = null;
  #header: readonly string[] = [];
  #summary = '';
  #exitCode: number | null = null;

  constructor(planned: PlannedStep, world: StepWorld) {
    const { state, host } = world;
    this.#planned = planned;
    this.#world = world;
    this.#name = planned.name;
    this.#env = new Map(state.env);
    this.#log = new StepLog({
      ...{ masks: state.masks, isDebug: state.isDebug, workspace: host.workspace, env: this.#env },
      setEnv: (name, value) => void state.env.set(name, value),
      addPath: (path) => addPath(state, path),
      emit: (line) => world.onLine({ step: this.#name, ...line }),
    });
  }

  async all(): Promise<StepResult> {
    const startedMs = performance.now();
    const outcome = await this.#outcome();
    const ms = performance.now() - startedMs;
    const { step, phase } = this.#planned;
    const forgiven = outcome === 'failure' && settingOf(step['continue-on-error'], this.#contexts()) === true;
    const conclusion = forgiven ? 'success' : outcome;
    const outputs = Object.fromEntries(this.#log.outputs);
    if (step.id !== undefined && phase === 'main') this.#world.state.steps[step.id] = { outputs, outcome, conclusion };
    const { text, annotations } = this.#log;
    return {
      ...{ id: step.id ?? null, name: this.#name, phase, outcome, conclusion, exitCode: this.#exitCode, ms },
      ...{ header: this.#header.join('\n'), log: text, annotations, summary: this.#summary, outputs },
    };
  }

  /** The job is cancelled: a step that would run in a cancelled job as well runs on. */
  cancel(): void {
    if (this.#process === null || this.#holds()) return;
    this.#stop ??= 'cancelled';
    void this.#process.cancel();
  }

  kill(): void {
    this.#stop ??= 'cancelled';
    this.#process?.kill();
  }

  async #outcome(): Promise<Outcome> {
    try {
      this.#evaluateEnvironment();
      if (!this.#holds()) return 'skipped';
      this.#name = this.#world.state.masks.hide(expand(this.#planned.name, this.#contexts()));
      const files = makeStepFiles(this.#world.host.temp);
      try {
        await this.#execute(files);
      } finally {
        this.#adopt(files);
      }
    } catch (error) {
      if (this.#stop === null) this.#log.fail(error instanceof Error ? error.message : String(error));
    }
    if (this.#stop === 'cancelled') return 'cancelled';
    return this.#stop === 'timed out' || this.#log.failed ? 'failure' : 'success';
  }

  #evaluateEnvironment(): void {
    const contexts = this.#contexts();
    for (const [name, text] of Object.entries(this.#planned.step.env ?? {})) this.#env.set(name, expand(text, contexts));
  }

  #holds(): boolean {
    return holds(this.#planned.condition, this.#contexts(), this.#world.state.status);
  }

  #contexts(own: Readonly<Record<string, string>> = {}): Contexts {
    const { state, setup } = this.#world;
    return contextsOf(state, setup, this.#env, { action: this.#planned.action, ...own });
  }

  async #execute(files: StepFiles): Promise<void> {
    const { state, setup, host, hostEnvironment } = this.#world;
    const github = { action: this.#planned.action, ...this.#actionNames(), ...fileNames(files), event_path: this.#writeEvent() };
    const contexts = this.#contexts(github);
    const execution =
      this.#planned.step.uses === undefined
        ? planRun(this.#planned, { host, state, contexts, hostPath: hostEnvironment['PATH'] ?? '' })
        : planAction(this.#planned, { host, contexts });
    for (const warning of execution.warnings) this.#log.issue('warning', warning);
    if (execution.post !== null) this.#world.onPost(planPost(this.#planned, execution.post));
    this.#header = [...execution.header, ...this.#shownEnvironment()].map((line) => state.masks.hide(line));
    const env = stepEnvironment({ host: hostEnvironment, state, setup, env: this.#env, kind: execution.kind, own: execution.own, github });
    await this.#start(execution, env);
  }

  async #start({ kind, file, args, cwd }: Execution, env: Readonly<Record<string, string>>): Promise<void> {
    const process = startProcess({
      ...{ file, args, cwd, env, timeScale: this.#world.setup.timeScale ?? 1 },
      onLine: (stream, line) => this.#log.take(stream, line),
    });
    this.#process = process;
    this.#world.onProcess(process);
    const minutes = Number(settingOf(this.#planned.step['timeout-minutes'], this.#contexts()) ?? 0);
    const timer = minutes > 0 ? setTimeout(() => this.#timeOut(process), minutes * 60_000) : undefined;
    try {
      this.#exitCode = await process.ended;
    } finally {
      clearTimeout(timer);
      this.#process = null;
    }
    if (this.#stop === 'timed out') this.#log.fail(`The action '${this.#name}' has timed out after ${minutes} minutes.`);
    else if (this.#stop === null && this.#exitCode !== 0) {
      // An action says itself what went wrong.
      if (kind === 'run') this.#log.fail(`Process completed with exit code ${this.#exitCode}.`);
      this.#log.failed = true;
    }
  }

  #timeOut(process: StepProcess): void {
    if (this.#stop !== null) return;
    this.#stop = 'timed out';
    void process.cancel();
  }

  #adopt(files: StepFiles): void {
    const { state } = this.#world;
    for (const [name, value] of this.#log.state) this.#planned.kept.set(name, value);
    processStepFiles(files, {
      setEnv: (name, value) => void state.env.set(name, value),
      addPath: (path) => addPath(state, path),
      setOutput: (name, value) => void this.#log.outputs.set(name, value),
      saveState: (name, value) => void this.#planned.kept.set(name, value),
      summary: (lines) => {
        this.#summary = lines.map((line) => `${state.masks.hide(line)}\n`).join('');
      },
      error: (message) => this.#log.issue('error', message),
      fail: (...messages) => this.#log.fail(...messages),
    });
  }

  /** Written again for every step. */
  #writeEvent(): string {
    const { host, setup } = this.#world;
    const folder = join(host.temp, '_github_workflow');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'event.json'), JSON.stringify(eventOf(setup), null, 2));
    return join(folder, 'event.json');
  }

  #actionNames(): Record<string, string> {
    const [, repository = '', ref = ''] = /^([\w.-]+\/[\w.-]+)[^@]*@(.+)$/.exec(this.#planned.step.uses ?? '') ?? [];
    return { action_repository: repository, action_ref: ref };
  }

  #shownEnvironment(): readonly string[] {
    const shown = [...this.#env].map(([name, value]) => `  ${name}: ${value}`);
    const env = shown.length === 0 ? [] : ['env:', ...shown];
    return this.#planned.phase === 'post' ? [] : [...env, '##[endgroup]'];
  }
}

/** Of one that is not run at all. */
export function notRun({ step, name, phase }: PlannedStep, outcome: Outcome): StepResult {
  return {
    ...{ id: step.id ?? null, name, phase, outcome, conclusion: outcome, exitCode: null, ms: 0 },
    ...{ header: '', log: '', annotations: [], summary: '', outputs: {} },
  };
}

/** `github.env` and the like, which become `GITHUB_ENV`. */
function fileNames(files: StepFiles): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, path]) => [name.replace('GITHUB_', '').toLowerCase(), path]));
}
