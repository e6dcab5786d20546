import type { Host } from './host.ts';
import type { JobRun } from './job-run.ts';
import { type JobState, prependedPath } from './job-state.ts';

/** What of the github context a step finds as `GITHUB_…`. No other of these names is the runner's: a step may set it for later ones. */
const SHOWN = new Set(
  (
    'action_path action_ref action_repository action actor actor_id api_url base_ref env event_name event_path graphql_url head_ref job output path ' +
    'ref_name ref_protected ref_type ref repository repository_id repository_owner repository_owner_id retention_days run_attempt run_id run_number ' +
    'server_url sha state step_summary triggering_actor workflow workflow_ref workflow_sha workspace'
  ).split(' '),
);
/** Every step has these; only actions have the rest of what a job may ask GitHub for. */
const FOR_ALL = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];

export type StepEnvironment = {
  readonly host: Readonly<Record<string, string>>;
  readonly state: JobState;
  readonly setup: JobRun;
  /** The step's `env` context. */
  readonly env: ReadonlyMap<string, string>;
  readonly kind: 'run' | 'action';
  /** `INPUT_…` and `STATE_…` of an action. */
  readonly own: Readonly<Record<string, string>>;
  /** Of the github context, what is this step's alone. */
  readonly github: Readonly<Record<string, string>>;
};

/** What the runner's own process has, and every step inherits. A step can set any of it for later ones. */
export function hostEnvironment({ environment = {} }: JobRun, host: Host, trackingId: string): Readonly<Record<string, string>> {
  return {
    ...{ HOME: host.home, PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' },
    ...environment,
    RUNNER_TRACKING_ID: trackingId,
  };
}

/** Later lines win over what steps set by `$GITHUB_ENV`; the first one does not. */
export function stepEnvironment({ host, state, setup, env, kind, own, github }: StepEnvironment): Record<string, string> {
  const set = { ...Object.fromEntries(env), ...own };
  const path = state.paths.length === 0 ? {} : { PATH: prependedPath(state, set['PATH'] ?? host['PATH'] ?? '') };
  const asked = Object.entries(setup.job.runtimeEnvironment()).filter(([name]) => kind === 'action' || FOR_ALL.includes(name));
  const shown = Object.entries({ ...state.github, ...github }).filter(([name]) => SHOWN.has(name));
  const made: Record<string, string> = {
    ...{ CI: 'true', ...host },
    ...set,
    ...path,
    ...Object.fromEntries(shown.map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, value])),
    ...Object.fromEntries(Object.entries(state.runner).map(([name, value]) => [`RUNNER_${name.toUpperCase()}`, value])),
    ...Object.fromEntries(asked),
    GITHUB_ACTIONS: 'true',
  };
  if (kind === 'action') delete made['NODE_ICU_DATA'];
  return made;
}

/** `with:` and defaults, as an action finds them: blanks become `_`, hyphens stay. */
export function inputNames(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]));
}
