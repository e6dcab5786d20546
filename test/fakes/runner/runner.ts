import { randomUUID } from 'node:crypto';
import { accessSync, constants, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type Contexts, expand, holds, type Status } from './expressions.ts';
import { makeStepFiles, type StepFiles } from './file-commands.ts';
import type { JobResult, JobRun, RunningJob, StepResult } from './job-run.ts';
import { type StepProcess, startProcess, sweep } from './process.ts';
import { StepLog } from './step-log.ts';
import { ActionFile, type Step, Workflow } from './workflow-file.ts';

/** GitHub's runner on Linux, as far as a job of `run:` and JavaScript `uses:` steps can tell. */
export function runJob(setup: JobRun): RunningJob {
  const run = new Run(setup);
  return { cancel: () => run.cancel(), result: run.all() };
}

type Post = {
  readonly step: Step;
  readonly condition: string;
  readonly script: string;
  readonly env: Record<string, string>;
  readonly state: Map<string, string>;
};

class Run {
  readonly #setup: JobRun;
  readonly #trackingId = `github_${randomUUID()}`;
  readonly #masks: Set<string>;
  readonly #results: StepResult[] = [];
  readonly #posts: Post[] = [];
  readonly #lines: string[] = [];
  readonly #env: Record<string, string> = {};
  readonly #stepContexts: Record<string, string> = {};
  #paths: string[] = [];
  #status: Status = 'success';
  #running: StepProcess | null = null;

  constructor(setup: JobRun) {
    this.#setup = setup;
    const { ACTIONS_RUNTIME_TOKEN: runtimeToken = setup.job.token } = setup.job.runtimeEnvironment();
    this.#masks = new Set([...Object.values(setup.secrets ?? {}), setup.job.token, runtimeToken]);
    for (const name of ['work/ws', 'work/_temp', 'work/_actions', 'work/_tool', 'home']) mkdirSync(this.#at(name), { recursive: true });
    for (const [name, text] of Object.entries(setup.workspaceFiles ?? {})) {
      mkdirSync(dirname(this.#at(`work/ws/${name}`)), { recursive: true });
      writeFileSync(this.#at(`work/ws/${name}`), text);
    }
    for (const [name, source] of Object.entries(setup.actions))
      cpSync(source, this.#actionFolder(name), { recursive: true, verbatimSymlinks: true });
  }

  cancel(): void {
    if (this.#status !== 'failure') this.#status = 'cancelled';
    void this.#running?.cancel();
  }

  async all(): Promise<JobResult> {
    const workflow = Workflow.parse(parse(this.#setup.workflow));
    const job = workflow.jobs[this.#setup.jobId];
    if (job === undefined) throw new Error(`Cannot run ${this.#setup.jobId}: the workflow has no such job`);
    Object.assign(this.#env, workflow.env, job.env);
    const shell = job.defaults?.run?.shell ?? workflow.defaults?.run?.shell;
    for (const step of job.steps) await this.#main(step, shell);
    for (const post of this.#posts.reverse()) await this.#post(post);
    const swept = sweep(this.#trackingId);
    this.#setup.job.end();
    return { conclusion: this.#status, steps: this.#results, log: this.#lines.join('\n'), swept };
  }

  async #main(step: Step, shell: string | undefined): Promise<void> {
    if (!holds(step.if, this.#contexts(), this.#status)) return this.#skip(step, 'main');
    if (step.uses !== undefined) return this.#uses(step, step.uses);
    const script = join(this.#at('work/_temp'), `${randomUUID()}${step.shell === undefined && shell === undefined ? '.sh' : ''}`);
    writeFileSync(script, `${expand(step.run ?? '', this.#contexts())}\n`);
    const [name = '', format = ''] = splitOnce(step.shell ?? shell ?? 'bash --noprofile --norc -eo pipefail {0}', ' ');
    const file = this.#which(name);
    const args =
      file === null
        ? []
        : format
            .replaceAll('{0}', script)
            .split(' ')
            .filter((word) => word !== '');
    await this.#execute(step, 'main', { file: file ?? '/nowhere', args, env: this.#stepEnv(step), missing: file === null ? name : null });
  }

  async #uses(step: Step, uses: string): Promise<void> {
    const folder = this.#actionFolder(uses);
    const action = ActionFile.parse(parse(readFileSync(join(folder, 'action.yml'), 'utf8')));
    const inputs: Record<string, string> = {};
    for (const [name, { default: value = '' }] of Object.entries(action.inputs ?? {}))
      inputs[inputName(name)] = expand(value, this.#contexts());
    for (const [name, value] of Object.entries(step.with ?? {})) inputs[inputName(name)] = expand(value, this.#contexts());
    const env = { ...this.#stepEnv(step), ...this.#setup.job.runtimeEnvironment(), ...inputs };
    const state = new Map<string, string>();
    const { post, 'post-if': condition = 'always()' } = action.runs;
    if (post !== undefined) this.#posts.push({ step, condition, script: join(folder, post), env, state });
    await this.#execute(step, 'main', { file: process.execPath, args: [join(folder, action.runs.main)], env, missing: null, state });
  }

  async #post({ step, condition, script, env, state }: Post): Promise<void> {
    if (!holds(condition, this.#contexts(), this.#status)) return this.#skip(step, 'post');
    const own = Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]));
    await this.#execute(step, 'post', {
      file: process.execPath,
      args: [script],
      env: { ...env, ...this.#env, PATH: this.#path(), ...own },
      missing: null,
    });
  }

  async #execute(step: Step, phase: StepResult['phase'], what: Execution): Promise<void> {
    const name = step.name ?? step.uses ?? 'Run';
    const log = new StepLog(this.#masks, (text) => {
      this.#lines.push(text);
      this.#setup.onLine?.({ step: name, text });
    });
    const files = makeStepFiles(this.#at('work/_temp'));
    const startedMs = performance.now();
    if (what.missing !== null) log.take(`##[error]${what.missing}: command not found`);
    const { exitCode, timedOut } =
      what.missing !== null ? { exitCode: 127, timedOut: false } : await this.#process(step, phase, what, files, log);
    const ms = performance.now() - startedMs;
    const faults = this.#adopt(files, log, what.state);
    const stopped = phase === 'main' && this.#status === 'cancelled' && exitCode !== 0;
    const outcome = stopped ? 'cancelled' : exitCode === 0 && !timedOut && faults === null ? 'success' : 'failure';
    if (faults !== null) log.take(`##[error]${faults}`);
    if (outcome === 'failure' && step['continue-on-error'] !== true && this.#status === 'success') this.#status = 'failure';
    const outputs = Object.fromEntries(log.outputs);
    for (const [output, value] of log.outputs) this.#stepContexts[`steps.${step.id}.outputs.${output}`] = value;
    const { text, annotations } = log;
    this.#results.push({
      id: step.id ?? null,
      name,
      phase,
      outcome,
      exitCode,
      ms,
      log: text,
      annotations,
      summary: files.summary(),
      outputs,
    });
  }

  async #process(
    step: Step,
    phase: string,
    { file, args, env }: Execution,
    files: StepFiles,
    log: StepLog,
  ): Promise<{ exitCode: number | null; timedOut: boolean }> {
    const scale = this.#setup.timeScale ?? 1;
    const cwd = join(this.#at('work/ws'), step['working-directory'] ?? '');
    const running = startProcess({
      file,
      args,
      cwd,
      env: { ...env, ...files.environment },
      timeScale: scale,
      onLine: (_, line) => log.take(line),
    });
    this.#running = running;
    let timedOut = false;
    const minutes = phase === 'main' ? step['timeout-minutes'] : undefined;
    const timer =
      minutes === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            log.take(`##[error]The action '${step.name ?? ''}' has timed out after ${minutes} minutes.`);
            void running.cancel();
          }, minutes * 60_000);
    const exitCode = await running.ended;
    clearTimeout(timer);
    this.#running = null;
    return { exitCode, timedOut };
  }

  /** What the step left in its files; what is wrong with them, in words. */
  #adopt(files: StepFiles, log: StepLog, state: Map<string, string> | undefined): string | null {
    try {
      for (const [name, value] of files.env()) {
        if (/^(?:GITHUB_|RUNNER_)/.test(name) || name === 'NODE_OPTIONS')
          log.take(`##[error]Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
        else this.#env[name] = value;
      }
      for (const path of files.paths()) this.#paths = [path, ...this.#paths.filter((each) => each !== path)];
      for (const [name, value] of files.outputs()) log.outputs.set(name, value);
      for (const [name, value] of [...log.state, ...files.state()]) state?.set(name, value);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #skip(step: Step, phase: StepResult['phase']): void {
    const name = step.name ?? step.uses ?? 'Run';
    this.#results.push({
      id: step.id ?? null,
      name,
      phase,
      outcome: 'skipped',
      exitCode: null,
      ms: 0,
      log: '',
      annotations: [],
      summary: '',
      outputs: {},
    });
  }

  #stepEnv(step: Step): Record<string, string> {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = this.#setup.job.runtimeEnvironment();
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value, this.#contexts())]));
    return {
      ...this.#setup.environment,
      ...{ HOME: this.#at('home'), PATH: this.#path(), LANG: 'C.UTF-8', RUNNER_TRACKING_ID: this.#trackingId },
      ...(url === undefined || token === undefined ? {} : { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token }),
      ...this.#env,
      ...own,
      ...this.#setup.job.environment(),
      ...{ GITHUB_WORKSPACE: this.#at('work/ws'), RUNNER_TEMP: this.#at('work/_temp'), RUNNER_TOOL_CACHE: this.#at('work/_tool') },
      ...{ RUNNER_OS: 'Linux', RUNNER_ARCH: 'X64', RUNNER_ENVIRONMENT: 'github-hosted', RUNNER_NAME: 'simulated' },
    };
  }

  #path(): string {
    return [...this.#paths, this.#setup.environment?.['PATH'] ?? process.env['PATH'] ?? ''].join(delimiter);
  }

  #which(name: string): string | null {
    return (
      this.#path()
        .split(delimiter)
        .map((folder) => join(folder, name))
        .find(isExecutable) ?? null
    );
  }

  #contexts(): Contexts {
    const secrets = Object.entries(this.#setup.secrets ?? {}).map(([name, value]) => [`secrets.${name}`, value]);
    const github = Object.entries(this.#setup.job.environment()).map(([name, value]) => [
      name.replace(/^GITHUB_/, 'github.').toLowerCase(),
      value,
    ]);
    const env = Object.entries(this.#env).map(([name, value]) => [`env.${name}`, value]);
    return { ...Object.fromEntries([...github, ...secrets, ...env]), ...this.#stepContexts, 'github.token': this.#setup.job.token };
  }

  #actionFolder(uses: string): string {
    return this.#at(`work/_actions/${uses.replace('@', '/')}`);
  }

  #at(name: string): string {
    return join(this.#setup.folder, name);
  }
}

type Execution = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  /** The shell that was not found. */
  readonly missing: string | null;
  readonly state?: Map<string, string>;
};

function inputName(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
