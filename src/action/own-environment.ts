import type { Environment } from './job-facts.ts';

/** The runner's own words, which no step can change; where programs and proxies are. */
const KEPT = /^(?:GITHUB_.*|RUNNER_.*|PATH|HOME|LANG|LC_ALL|TZ|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;
const KEPT_ACTIONS: ReadonlySet<string> = new Set([
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RESULTS_URL',
]);

/**
 * R6: secrets leave the environment before anything else happens, and so does what a step could have put there to act on us or the
 * libraries we use (`NODE_TLS_REJECT_UNAUTHORIZED`, `ACTIONS_ARTIFACT_…`, `AZURE_…`). An allow-list: what is not known is dropped.
 * The kernel's copy of what a process started with stays; SECURITY.md says who can read it.
 */
export function forgetEnvironment(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!KEPT.test(name) && !KEPT_ACTIONS.has(name)) delete environment[name];
  }
}
