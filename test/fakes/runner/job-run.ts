import type { FakeJob } from '#test/fakes/github/jobs.ts';
import type { Status } from './expressions.ts';
import type { Annotation } from './step-log.ts';

export type JobRun = {
  readonly job: FakeJob;
  /** YAML of a workflow, and which job of it. */
  readonly workflow: string;
  readonly jobId: string;
  /** `owner/name@ref` to a folder that holds action.yml: copied where the runner keeps actions. */
  readonly actions: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly workspaceFiles?: Readonly<Record<string, string>>;
  /** Becomes the runner's root. */
  readonly folder: string;
  /** More of the host's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine?: (line: { readonly step: string; readonly text: string }) => void;
  /** Divides the runner's waits, and time-outs. */
  readonly timeScale?: number;
};

export type RunningJob = { cancel(): void; readonly result: Promise<JobResult> };
export type JobResult = {
  readonly conclusion: Status;
  readonly steps: readonly StepResult[];
  readonly log: string;
  /** Processes that the job left behind, and that the runner had to kill. */
  readonly swept: readonly number[];
};
export type StepResult = {
  readonly id: string | null;
  readonly name: string;
  readonly phase: 'main' | 'post';
  readonly outcome: Status | 'skipped';
  readonly exitCode: number | null;
  /** How long it took. */
  readonly ms: number;
  readonly log: string;
  readonly annotations: readonly Annotation[];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
};
