import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { jobFacts } from '#action/job-facts.ts';

const ENVIRONMENT = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '7', RUNNER_TEMP: '/work/_temp' };

test('jobFacts() reads what the runner says, and knows what is said where nothing is', () => {
  assert.deepEqual(jobFacts({ ...ENVIRONMENT, GITHUB_JOB: '', RUNNER_TRACKING_ID: 'github_1' }), {
    ...{ repository: 'acme/shop', runId: '7', attempt: '1', job: '', temp: '/work/_temp', trackingId: 'github_1' },
    ...{ apiUrl: 'https://api.github.com', serverUrl: 'https://github.com' },
  });
});

test('jobFacts() takes a loopback address for the API, as simulators have it', () => {
  assert.equal(jobFacts({ ...ENVIRONMENT, GITHUB_API_URL: 'http://127.0.0.1:80/api/v3' }).apiUrl, 'http://127.0.0.1:80/api/v3');
});

describe('jobFacts() names what is missing or wrong', () => {
  const wrong: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['GITHUB_REPOSITORY', { GITHUB_REPOSITORY: undefined }],
    ['GITHUB_REPOSITORY', { GITHUB_REPOSITORY: 'acme/shop/../other' }],
    ['GITHUB_RUN_ID', { GITHUB_RUN_ID: '../7' }],
    ['RUNNER_TEMP', { RUNNER_TEMP: 'relative' }],
    ['GITHUB_API_URL', { GITHUB_API_URL: 'http://api.github.com' }],
    ['GITHUB_API_URL', { GITHUB_API_URL: 'https://user:pass@api.github.com' }],
    ['GITHUB_API_URL', { GITHUB_API_URL: 'http://127.0.0.1.example.com' }],
    ['GITHUB_API_URL', { GITHUB_API_URL: 'file:///etc/passwd' }],
    ['GITHUB_SERVER_URL', { GITHUB_SERVER_URL: 'javascript:alert(1)' }],
  ];
  for (const [name, change] of wrong) {
    it(`${name} ${JSON.stringify(Object.values(change)[0])}`, () => {
      assert.throws(() => jobFacts({ ...ENVIRONMENT, ...change }), { code: 'runner', message: new RegExp(`wrongly, ${name},`) });
    });
  }
});
