import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agentLink, type ChainLink, chainDigest, delegatedLink, dutiesAlong, sessionChain, toActClaims } from '#core/chain/chain.ts';

const STARTED = '2026-01-02T03:04:05.678Z';
const THUMBPRINT = 'A'.repeat(43);
const JOB: ChainLink = { link: 'job', principal: 'someone', duty: 'writer', executable: '', started: STARTED, keyThumbprint: THUMBPRINT };
const AGENT: ChainLink = { ...JOB, link: '1-1', duty: 'reader', executable: '/usr/bin/agent', keyThumbprint: null };
const CHILD: ChainLink = { ...JOB, link: '2', executable: '/usr/bin/child', keyThumbprint: null };

test('sessionChain() names the job, and gives nothing on that is not in the chain of the session', () => {
  const { link: _, keyThumbprint, ...members } = JOB;
  const entry = { ...members, keyThumbprint: keyThumbprint ?? '', later: 'unknown' };
  assert.deepEqual(sessionChain([entry, entry]), [JOB, { ...JOB, link: 'job-2' }]);
});

test('delegatedLink() and agentLink() make the same links for writers and for readers of their entries', () => {
  const { link: _, ...child } = CHILD;
  const more = { kind: 'delegation', parent: '1', duties: [], chainSha256: '', later: 1 };
  assert.deepEqual(delegatedLink({ ...more, link: '2', ...child }), CHILD);
  const entry = { agent: '1-1', principal: 'someone', duty: 'reader', executable: '/usr/bin/agent', started: STARTED };
  assert.deepEqual(agentLink(entry), AGENT);
  assert.equal(agentLink({ ...entry, executable: null }).executable, '');
});

test('dutiesAlong() has each duty once, in order', () => {
  assert.deepEqual(dutiesAlong([JOB, AGENT, CHILD]), ['writer', 'reader']);
});

test('chainDigest() changes with every member of every link, and with their order', () => {
  const chain = [JOB, AGENT, CHILD];
  const digest = chainDigest(chain);
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.notEqual(chainDigest([JOB, CHILD, AGENT]), digest);
  assert.notEqual(chainDigest([JOB, AGENT]), digest);
  fc.assert(
    fc.property(fc.nat(2), fc.constantFrom(...(Object.keys(JOB) as (keyof ChainLink)[])), (at, member) => {
      const changed = chain.map((link, index) => (index === at ? { ...link, [member]: 'another' } : link));
      assert.notEqual(chainDigest(changed), digest);
    }),
  );
});

test('toActClaims() has the job as its subject and the last link outermost, as RFC 8693 wants', () => {
  assert.deepEqual(toActClaims([JOB]), { sub: 'someone' });
  assert.deepEqual(toActClaims([JOB, AGENT, CHILD]), {
    sub: 'someone',
    act: { sub: 'link:2 /usr/bin/child', act: { sub: 'link:1-1 /usr/bin/agent' } },
  });
});
