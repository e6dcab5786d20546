import { statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inputNames } from './environment.ts';
import { type Contexts, expand } from './expressions.ts';
import type { Host } from './host.ts';
import { type JobState, prependedPath } from './job-state.ts';
import { planShell } from './shell.ts';
import { readAction, type Step, type WorkflowJob } from './workflow-file.ts';

/** A step in its turn: as the workflow has it, or the post of an action. */
export type PlannedStep = {
  readonly step: Step;
  readonly phase: 'main' | 'post';
  /** With its expressions. */
  readonly name: string;
  readonly condition: string | undefined;
  /** `github.action` */
  readonly action: string;
  readonly shell: string | undefined;
  readonly workingDirectory: string;
  /** What an action keeps for its post: the same map in both phases. */
  readonly kept: Map<string, string>;
};

/** What is started for it. */
export type Execution = {
  readonly kind: 'run' | 'action';
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly own: Readonly<Record<string, string>>;
  readonly header: readonly string[];
  /** The condition of the action's post, where it has one. */
  readonly post: string | null;
  readonly warnings: readonly string[];
};

export function planMain(step: Step, job: WorkflowJob): PlannedStep {
  const action = nameOf(step);
  const earlier = job.steps.slice(0, job.steps.indexOf(step)).filter((each) => nameOf(each) === action).length;
  return {
    ...{ step, phase: 'main', condition: step.if, action: earlier === 0 ? action : `${action}_${earlier + 1}`, kept: new Map() },
    name: step.name ?? `Run ${step.uses ?? (step.run ?? '').trimStart().split('\n')[0]}`,
    shell: step.shell ?? job.shell,
    workingDirectory: step['working-directory'] ?? job.workingDirectory ?? '',
  };
}

export function planPost(main: PlannedStep, condition: string): PlannedStep {
  return { ...main, phase: 'post', name: `Post ${main.name}`, condition };
}

function nameOf({ id, uses }: Step): string {
  return id ?? `__${uses?.replace(/@.*$/, '').replaceAll(/[^\w-]/g, '_') ?? 'run'}`;
}

/** @throws for what the runner fails the step for, before anything of it is started. */
export function planRun(
  { step, shell, workingDirectory }: PlannedStep,
  { host, state, contexts, hostPath }: { host: Host; state: JobState; contexts: Contexts; hostPath: string },
): Execution {
  const script = expand(step.run ?? '', contexts);
  // Looked up on the host's path and what steps put before it, not on a PATH that the step's environment sets.
  const wanted = shell === undefined ? undefined : expand(shell, contexts);
  const { file, args, scriptPath, shown } = planShell(wanted, host.temp, prependedPath(state, hostPath));
  writeFileSync(scriptPath, script);
  const lines = script.replace(/\n+$/, '').split('\n');
  return {
    ...{ kind: 'run', file, args, own: {}, post: null, warnings: [], cwd: resolve(host.workspace, expand(workingDirectory, contexts)) },
    header: [
      `##[group]Run ${script.trimStart().split('\n')[0]}`,
      ...lines.map((line) => `\u001b[36;1m${line}\u001b[0m`),
      `shell: ${shown}`,
    ],
  };
}

/** @throws likewise. The action is read, and its inputs are worked out, anew for post: whatever became of its folder meanwhile. */
export function planAction({ step, phase, kept }: PlannedStep, { host, contexts }: { host: Host; contexts: Contexts }): Execution {
  const uses = step.uses ?? '';
  const folder = host.actionFolder(uses);
  const { inputs: declared = {}, runs } = readAction(folder);
  const script = phase === 'main' ? runs.main : runs.post;
  if (script === undefined || script === '') throw new Error("Value cannot be null or empty. (Parameter 'target')");
  const path = join(folder, script);
  if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) throw new Error(`File not found: '${path}'`);
  const given = Object.fromEntries(Object.entries(step.with ?? {}).map(([name, text]) => [name, expand(text, contexts)]));
  const isGiven = (name: string) => Object.keys(given).some((each) => each.toLowerCase() === name.toLowerCase());
  const missing = Object.entries(declared).filter(([name]) => !isGiven(name));
  const inputs = { ...given, ...Object.fromEntries(missing.map(([name, input]) => [name, expand(input?.default ?? '', contexts)])) };
  const state = Object.fromEntries([...kept].map(([name, value]) => [`STATE_${name}`, value]));
  return {
    ...{ kind: 'action', file: process.execPath, args: [path], cwd: host.workspace, own: { ...state, ...inputNames(inputs) } },
    header: phase === 'post' ? ['Post job cleanup.'] : [`##[group]Run ${uses}`, 'with:', ...shownInputs(inputs)],
    post: phase === 'main' && runs.post !== undefined && runs.post !== '' ? (runs['post-if'] ?? 'always()') : null,
    warnings: warningsFor(given, declared),
  };
}

function shownInputs(inputs: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(inputs).flatMap(([name, value]) => (value === '' ? [] : [`  ${name}: ${value}`]));
}

function warningsFor(
  given: Readonly<Record<string, string>>,
  declared: Readonly<Record<string, { deprecationMessage?: string | undefined } | null>>,
): readonly string[] {
  const find = (name: string) => Object.keys(declared).find((each) => each.toLowerCase() === name.toLowerCase());
  const unexpected = Object.keys(given).filter((name) => find(name) === undefined);
  const deprecated = Object.keys(given).flatMap((name) => {
    const message = declared[find(name) ?? '']?.deprecationMessage;
    return message === undefined ? [] : [`Input '${name}' has been deprecated with message: ${message}`];
  });
  const valid = Object.keys(declared).join("', '");
  return [
    ...deprecated,
    ...(unexpected.length === 0 ? [] : [`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`]),
  ];
}
