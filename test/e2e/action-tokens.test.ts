import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HostileMint } from '#test/fakes/github/jobs.ts';
import { actionStep, step } from './job.ts';
import { describeJobs, REPORT } from './job-suite.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const HOSTILE: readonly { readonly name: string; readonly mints: HostileMint; readonly says: RegExp }[] = [
  { name: 'no signature', mints: { sign: 'none' }, says: /identity token/ },
  { name: 'HS256 keyed with the public key', mints: { sign: 'hs256-with-the-public-key' }, says: /alg|RS256/ },
  { name: 'the signature of another key', mints: { sign: 'foreign-key' }, says: /signature is not that of its issuer/ },
  { name: 'a key that nobody published', mints: { sign: 'unknown-kid' }, says: /is none that .* publishes now/ },
  {
    name: 'another issuer',
    mints: { alter: (claims) => ({ ...claims, iss: 'https://issuer.example' }) },
    says: /its issuer is "https:\/\/issuer\.example"/,
  },
  {
    name: 'another audience',
    mints: { alter: (claims) => ({ ...claims, aud: 'https://github.com/acme' }) },
    says: /audience is not that of a session/,
  },
  { name: 'a time long past', mints: { alter: (claims) => ({ ...claims, iat: now() - 900, exp: now() - 600 }) }, says: /has expired/ },
  { name: 'a time to come', mints: { alter: (claims) => ({ ...claims, nbf: now() + 600 }) }, says: /not valid yet/ },
  { name: 'no id of its own', mints: { alter: ({ jti: _, ...claims }) => claims }, says: /jti/ },
  {
    name: "another repository's id under this name",
    mints: { alter: (claims) => ({ ...claims, repository_id: '7' }) },
    says: /repository/,
  },
];

describeJobs('a job whose identity token is hostile', ({ withJob }) => {
  for (const { name, mints, says } of HOSTILE) {
    it(
      `with ${name} opens no session, in its own words, and runs no wrapped step`,
      withJob(
        () => ({ steps: REPORT, job: { mints } }),
        async ({ result }) => {
          const ended = await result;
          const main = actionStep(ended, 'main');
          assert.equal(main.outcome, 'failure');
          const errors = main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
          assert.equal(errors.length, 1);
          assert.match(errors[0] ?? '', says);
          assert.equal(step(ended, 'report').outcome, 'skipped');
          assert.deepEqual(ended.swept, []);
        },
      ),
    );
  }
});
