import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetEnvironment } from '#action/own-environment.ts';

test('R6 forgetEnvironment() leaves no input, no state, and nothing that steers a library', () => {
  const dropped = [
    ...['INPUT_SECRETS', 'INPUT_GITHUB-TOKEN', 'input_secrets', 'STATE_job-folder', 'DUTY_GATE_JOB', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'],
    ...['NODE_TLS_REJECT_UNAUTHORIZED', 'ACTIONS_ARTIFACT_UPLOAD_CONCURRENCY', 'ACTIONS_ARTIFACT_UPLOAD_TIMEOUT_MS', 'AZURE_LOG_LEVEL'],
    ...['LD_PRELOAD', 'SSL_CERT_FILE', 'TMPDIR', 'DEBUG', '__proto__x', 'constructor'],
  ];
  const kept = [
    ...['GITHUB_OUTPUT', 'RUNNER_TEMP', 'PATH', 'HOME', 'https_proxy', 'NO_PROXY', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'],
    ...['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  ];
  const environment = Object.fromEntries([...dropped, ...kept].map((name) => [name, 'x']));
  forgetEnvironment(environment);
  assert.deepEqual(Object.keys(environment).sort(), kept.sort());
});
