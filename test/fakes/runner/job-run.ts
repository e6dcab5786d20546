import type { FakeJob } from '#test/fakes/github/jobs.ts';
import type { Status } from './expressions.ts';

export type JobRun = {
  readonly job: FakeJob;
  /** YAML of a workflow, and which job of it. */
  readonly workflow: string;
  readonly jobId: string;
  /** `owner/name@ref` to a folder that holds action.yml: copied where the runner keeps actions, when the job starts. */
  readonly actions: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Inputs of the workflow, and this leg of a matrix. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly matrix?: Readonly<Record<string, string>>;
  /** The payload of the event; by default what the job's claims say of it. */
  readonly event?: object;
  readonly workspaceFiles?: Readonly<Record<string, string>>;
  /** Becomes the runner's home folder, with `work` in it. */
  readonly folder: string;
  /** More of the host's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hidden as it is in the log. */
  readonly onLine?: (line: LogLine) => void;
  /** Divides the runner's waits for a step to end, once it was told to. Time-outs of steps are what they say. */
  readonly timeScale?: number;
  /** A cancelled job is given up after this, whatever its steps still do. */
  readonly cancelledMs?: number;
};

export type LogLine = { readonly step: string; readonly stream: 'stdout' | 'stderr' | 'runner'; readonly text: string };

export type RunningJob = { cancel(): void; readonly result: Promise<JobResult> };
export type JobResult = {
  readonly conclusion: Status;
  readonly steps: readonly StepResult[];
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Processes that the job left behind, and that the runner had to kill. */
  readonly swept: readonly number[];
};
export type StepResult = {
  readonly id: string | null;
  readonly name: string;
  readonly phase: 'main' | 'post';
  /** What it came to; the conclusion is what the job makes of that: `continue-on-error` forgives a failure. */
  readonly outcome: Status | 'skipped';
  readonly conclusion: Status | 'skipped';
  /** Null where nothing was started, or a signal ended it. */
  readonly exitCode: number | null;
  /** How long it took. */
  readonly ms: number;
  /** What the runner prints ahead of a step (its script, shell and environment). Not part of `log`, nor of the job's. */
  readonly header: string;
  readonly log: string;
  readonly annotations: readonly Annotation[];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
};
export type Annotation = {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly title?: string;
};
