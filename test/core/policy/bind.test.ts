import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseDuty, describeChoice, dutiesFor, tokenIssuers } from '#core/policy/bind.ts';
import type { Claims } from '#core/policy/policy.ts';
import { policyOf } from './build.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const POLICY = policyOf(`version: 1
targets:
  db: { protocol: postgres, address: db, database: shop, user: app }
duties:
  reader: { allow: [ { on: db, effects: [read] } ] }
  writer: { allow: [ { on: db, effects: [insert] } ] }
  idle: { deny: [ { on: db } ] }
bindings:
  - { duties: [reader], when: { issuer: local } }
  - { duties: [reader], when: { repository: acme/shop } }
  - { duties: [reader, writer], when: { repository: acme/shop, ref: refs/heads/main, event: [push, schedule], actor: ["*", "!*-bot"] } }
`);

const JOB: Claims = { issuer: GITHUB, repository: 'acme/shop', ref: 'refs/heads/main', event: 'push', actor: 'ann' };

test('chooseDuty() gives the one duty that is bound, with every binding that gives it', () => {
  const choice = chooseDuty(POLICY, { ...JOB, event: 'pull_request' }, null);
  assert.equal(choice.kind === 'ok' && choice.duty.name, 'reader');
  assert.deepEqual(choice.kind === 'ok' && choice.bindings, ['bindings[1]']);
  assert.equal(describeChoice(choice), null);
});

test('chooseDuty() lists several, and takes the one that is asked for', () => {
  assert.deepEqual(chooseDuty(POLICY, JOB, null), { kind: 'several', duties: ['reader', 'writer'] });
  const choice = chooseDuty(POLICY, JOB, 'reader');
  assert.equal(choice.kind === 'ok' && choice.duty.name, 'reader');
  assert.deepEqual(choice.kind === 'ok' && choice.bindings, ['bindings[1]', 'bindings[2]']);
});

test('chooseDuty() refuses a duty that is not bound, defined or not', () => {
  assert.deepEqual(chooseDuty(POLICY, JOB, 'idle'), { kind: 'not-bound', asked: 'idle', defined: true, bound: ['reader', 'writer'] });
  assert.deepEqual(chooseDuty(POLICY, JOB, 'ghost'), { kind: 'not-bound', asked: 'ghost', defined: false, bound: ['reader', 'writer'] });
});

test('chooseDuty() gives GitHub bindings to no other issuer, and local ones to local alone', () => {
  assert.equal(chooseDuty(POLICY, { ...JOB, issuer: 'https://evil.example' }, null).kind, 'none-bound');
  assert.equal(chooseDuty(POLICY, { ...JOB, issuer: `${GITHUB}/` }, null).kind, 'none-bound');
  const local = dutiesFor(POLICY, { issuer: 'local', repository: 'acme/shop' });
  assert.deepEqual([...local.bound], [['reader', ['bindings[0]']]]);
});

test('chooseDuty() shows what each binding wants beside what there is', () => {
  const choice = chooseDuty(POLICY, { issuer: GITHUB, repository: 'acme/other' }, null);
  assert.deepEqual(choice.kind === 'none-bound' && choice.misses[1]?.unmatched, [
    { claim: 'repository', wants: ['acme/shop'], is: ['acme/other'] },
  ]);
  assert.equal(describeChoice(choice)?.split('\n')[4], '    repository: is "acme/other", wants "acme/shop"');
});

test('describeChoice() lets no claim write on the terminal', () => {
  const said = describeChoice(chooseDuty(POLICY, { issuer: GITHUB, repository: 'a/\u001b[2J\n\u202e::stop-commands::x' }, null)) ?? '';
  assert.doesNotMatch(said, /[\u001b\u202e]|\n::/);
});

const BY_ID = {
  ...POLICY,
  repositoryIds: { repositories: new Map([['acme/shop', '34']]), owners: new Map<string, string | null>() },
};

test('R4: chooseDuty() gives a repository of the right name and another id nothing, and says why', () => {
  const job = { ...JOB, 'repository-owner-id': '12' };
  assert.equal(chooseDuty(BY_ID, { ...job, 'repository-id': '34' }, 'reader').kind, 'ok');
  for (const claims of [{ ...job, 'repository-id': '35' }, job]) {
    const choice = chooseDuty(BY_ID, claims, 'reader');
    assert.equal(choice.kind, 'none-bound');
    assert.match(describeChoice(choice) ?? '', /repository: is "acme\/shop" by name, but its id is that of another repository/);
  }
});

test('R4: chooseDuty() gives nothing to a repository whose id nobody could look up, and says why', () => {
  const unknown = { ...POLICY, repositoryIds: { repositories: new Map([['acme/shop', null]]), owners: new Map<string, string | null>() } };
  const choice = chooseDuty(unknown, { ...JOB, 'repository-id': '34' }, null);
  assert.match(describeChoice(choice) ?? '', /GitHub showed no id for "acme\/shop" when the policy was loaded/);
});

test('chooseDuty() gives what outsiders set off nothing, unless a binding spells the event out', () => {
  for (const event of ['pull_request_target', 'workflow_run', 'issue_comment']) {
    const choice = chooseDuty(POLICY, { ...JOB, event }, null);
    assert.equal(choice.kind, 'none-bound');
    assert.match(describeChoice(choice) ?? '', new RegExp(`event: "${event}" not bound`));
    assert.doesNotMatch(describeChoice(choice) ?? '', /event: is/);
  }
  const named = {
    ...POLICY,
    bindings: [{ id: 'b', duties: ['reader'], when: [{ claim: 'event', globs: ['pull_request_target'] }] }],
  } as const;
  assert.equal(chooseDuty(named, { ...JOB, event: 'pull_request_target' }, null).kind, 'ok');
});

test('tokenIssuers() lists the issuers that bindings name, and never local', () => {
  assert.deepEqual([...tokenIssuers(POLICY)], [GITHUB]);
  assert.deepEqual([...tokenIssuers({ ...POLICY, bindings: POLICY.bindings.slice(0, 1) })], []);
});
