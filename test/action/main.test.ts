import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const MAIN = fileURLToPath(import.meta.resolve('#action/main.ts'));
const JOB = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '7', GITHUB_JOB: 'report' };
const INPUTS = {
  INPUT_POLICY: 'x.yml',
  INPUT_GATEWAY: 'embedded',
  'INPUT_EGRESS-POLICY': 'block',
  INPUT_CONFINEMENT: 'required',
  'INPUT_GITHUB-TOKEN': 'ghs_token',
};

/** The step as the runner starts it: no input to read, two pipes. */
function runStep(env: Record<string, string>) {
  return spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('the main step ends with 1, and one error, for', () => {
  const cases: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    [
      'no identity',
      { ...JOB, ...INPUTS },
      /^::error title=duty-gate%3A identity token::Cannot get an identity token: .*id-token: write.*fork/,
    ],
    [
      'inputs',
      { ...JOB, ...INPUTS, INPUT_GATEWAY: 'https://x' },
      /^::error title=duty-gate%3A inputs::Cannot use the gateway: it is "https:\/\/x"/,
    ],
    ['a place that is no job', INPUTS, /^::error title=duty-gate%3A runner::Cannot run on this runner: .*GITHUB_REPOSITORY/],
    ['the environment of a test', {}, /^::error title=duty-gate%3A inputs::Cannot use the input github-token/],
  ];
  for (const [name, env, says] of cases) {
    it(name, (t) => {
      const { status, stdout, stderr } = runStep({ RUNNER_TEMP: temporaryFolder(t), ...env });
      assert.equal(status, 1, stderr);
      const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'));
      assert.equal(lines.length, 1, stdout);
      assert.match(lines[0] ?? '', says);
      assert.equal(stderr, '');
    });
  }
});

test('the main step leaves no folder, no path and no state that means anything when GitHub gives no token', (t) => {
  const folder = temporaryFolder(t);
  const files = Object.fromEntries(['STATE', 'OUTPUT', 'PATH'].map((name) => [`GITHUB_${name}`, join(folder, name)]));
  for (const path of Object.values(files)) writeFileSync(path, '');
  // Nothing answers there: the gateway, real, finds no policy.
  const dead = {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/?x',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
    GITHUB_API_URL: 'http://127.0.0.1:1',
  };
  const { status, stdout } = runStep({ ...JOB, ...INPUTS, ...files, ...dead, RUNNER_TEMP: folder });
  assert.equal(status, 1, stdout);
  const [, jobFolder = ''] = /^job-folder<<(?:.*)\n(.*)\n/.exec(readFileSync(join(folder, 'STATE'), 'utf8')) ?? [];
  assert.ok(jobFolder.startsWith('/tmp/duty-gate-') && !existsSync(jobFolder), jobFolder);
  assert.deepEqual([readFileSync(join(folder, 'OUTPUT'), 'utf8'), readFileSync(join(folder, 'PATH'), 'utf8')], ['', '']);
});
