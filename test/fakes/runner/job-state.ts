import { delimiter, dirname } from 'node:path';
import { type Contexts, expand, type Status, type Value } from './expressions.ts';
import type { Host } from './host.ts';
import type { JobRun } from './job-run.ts';
import { Masks } from './masks.ts';
import type { WorkflowJob } from './workflow-file.ts';

/** What one step leaves to the next ones. */
export type JobState = {
  status: Status;
  readonly masks: Masks;
  /** Of the workflow and the job, and what steps added by `$GITHUB_ENV`. */
  readonly env: Map<string, string>;
  /** The last one wins. */
  paths: readonly string[];
  readonly steps: Record<string, { outputs: Record<string, string>; outcome?: string; conclusion?: string }>;
  readonly isDebug: boolean;
  /** What does not change while the job runs. */
  readonly fixed: Contexts;
  readonly github: Readonly<Record<string, string>>;
  readonly runner: Readonly<Record<string, string>>;
};

export function makeState(setup: JobRun, host: Host, job: WorkflowJob): JobState {
  const { secrets = {}, vars = {} } = setup;
  const isDebug = [secrets, vars].some((names) => names['ACTIONS_STEP_DEBUG'] === 'true');
  const state: JobState = {
    status: 'success',
    masks: new Masks([...Object.values(secrets), ...tokensOf(setup)]),
    env: new Map(),
    paths: [],
    steps: {},
    isDebug,
    fixed: {
      secrets: { ...secrets, GITHUB_TOKEN: setup.job.token },
      vars: { ...vars },
      inputs: { ...setup.inputs },
      matrix: { ...setup.matrix },
      needs: {},
      strategy: {},
    },
    github: githubContext(setup, host),
    runner: runnerContext(host, isDebug),
  };
  for (const names of job.env) {
    const contexts = contextsOf(state, setup, new Map(state.env));
    for (const [name, text] of Object.entries(names)) state.env.set(name, expand(text, contexts));
  }
  return state;
}

export function addPath(state: JobState, path: string): void {
  state.paths = [...state.paths.filter((each) => each !== path), path];
}

/** What is looked up first, ahead of the host's own path. */
export function prependedPath(state: JobState, path: string): string {
  if (state.paths.length === 0) return path;
  const prepended = state.paths.toReversed().join(delimiter);
  return path.startsWith(`${prepended}${delimiter}`) ? path : [prepended, path].filter((each) => each !== '').join(delimiter);
}

/** `own`: of the step, what the github context has only for it. */
export function contextsOf(
  state: JobState,
  setup: JobRun,
  env: ReadonlyMap<string, string>,
  own: Readonly<Record<string, string>> = {},
): Contexts {
  const github: Contexts = { ...state.github, ...own, token: setup.job.token, event: eventOf(setup) };
  return { ...state.fixed, github, runner: state.runner, job: { status: state.status }, env, steps: state.steps as Contexts };
}

/** The payload: what the claims say, where a test does not say more. */
export function eventOf({ event, job }: JobRun): Value {
  const { repository = '', repository_id: id = '0', actor = '' } = job.claims;
  const [login = '', name = ''] = repository.split('/');
  const known = { repository: { id: Number(id), name, full_name: repository, owner: { login } }, sender: { login: actor } };
  return JSON.parse(JSON.stringify({ ...known, ...event })) as Value;
}

function githubContext({ job, jobId }: JobRun, host: Host): Readonly<Record<string, string>> {
  const { claims } = job;
  const ref = claims['ref'] ?? '';
  const said = Object.entries(job.environment())
    .filter(([name]) => name.startsWith('GITHUB_') && name !== 'GITHUB_ACTIONS')
    .map(([name, value]) => [name.replace(/^GITHUB_/, '').toLowerCase(), value]);
  const claimed = ['actor_id', 'head_ref', 'base_ref', 'ref_type', 'ref_protected', 'repository_owner_id', 'workflow_sha'];
  return {
    ...Object.fromEntries(claimed.map((name) => [name, claims[name] ?? ''])),
    ...{ ref_name: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''), triggering_actor: claims['actor'] ?? '', retention_days: '90' },
    ...Object.fromEntries(said),
    ...{ job: jobId, workspace: host.workspace },
  };
}

function runnerContext(host: Host, isDebug: boolean): Readonly<Record<string, string>> {
  return {
    ...{ os: 'Linux', arch: process.arch.toUpperCase(), name: 'simulated', environment: 'github-hosted' },
    ...{ temp: host.temp, tool_cache: host.tools, workspace: dirname(host.workspace) },
    ...(isDebug ? { debug: '1' } : {}),
  };
}

/** GITHUB_TOKEN, and the one that the job's own services take. */
function tokensOf({ job }: JobRun): readonly string[] {
  const { ACTIONS_RUNTIME_TOKEN, ACTIONS_ID_TOKEN_REQUEST_TOKEN } = job.runtimeEnvironment();
  return [job.token, ACTIONS_RUNTIME_TOKEN ?? '', ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? ''];
}
