import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChainLink } from '#core/chain/chain.ts';
import { Whoami, whoamiOf, whoamiPage } from '#core/chain/whoami.ts';
import { effectiveDuty, narrowedBy } from '#core/policy/effective-duty.ts';
import type { Duty } from '#core/policy/policy.ts';
import { policyOf } from '#test/core/policy/build.ts';

const { duties } = policyOf(`version: 1
targets:
  db: { protocol: postgres, address: db.internal, database: shop, user: app }
duties:
  writer: { allow: [ { on: db } ], deny: [ { on: "*", effects: [drop], databases: shop, reason: nothing is dropped } ] }
  reader:
    allow: [ { on: db, effects: [read, execute], relations: ["public.*", "!public.salaries"], functions: public.f } ]
    mask: [ { on: db, columns: public.t.email, with: redact }, { detect: [email], with: hash } ]
  nobody: { deny: [ { on: db } ] }
bindings: [ { duties: [writer], when: { issuer: local } } ]
`);
const duty = (name: string): Duty => duties.get(name) ?? assert.fail();

const JOB: ChainLink = {
  ...{ link: 'job', principal: 'someone', duty: 'writer', executable: '', started: '2026-01-02T03:04:05.678Z', keyThumbprint: null },
};
const AGENT: ChainLink = { ...JOB, link: '1-1', duty: 'reader', executable: '/usr/bin/agent\u001b]0;title\u0007' };
const right = narrowedBy(effectiveDuty(duty('writer')), duty('reader'), duty('nobody'));
const WHOAMI = whoamiOf({ session: 's', link: '1', chain: [JOB, AGENT], right, token: 'a.b.c' });

test('whoamiOf() tells chain, duties and their rules, as its schema reads them', () => {
  assert.deepEqual(Whoami.parse(JSON.parse(JSON.stringify(WHOAMI))), WHOAMI);
  assert.deepEqual(
    WHOAMI.duties.map((each) => each.duty),
    ['writer', 'reader', 'nobody'],
  );
  const [writer, reader] = WHOAMI.duties;
  assert.equal(writer?.allow[0]?.effects, null);
  assert.deepEqual(reader?.allow[0]?.relations, ['public.*', '!public.salaries']);
  assert.deepEqual(reader?.mask[1]?.detect, ['email']);
});

test('whoamiPage() says it to people, one link and one rule a line, and nothing to their terminal', () => {
  const page = whoamiPage(WHOAMI);
  for (const words of [
    'Command 1 of session s',
    '  someone as writer',
    'as reader',
    'each of these duties allows',
    'allows everything on db',
    'denies drop on * in shop (nothing is dropped)',
    'allows read, execute on db: public.*, !public.salaries, public.f',
    'masks public.t.email on db: redact',
    'masks email on *: hash',
    'allows nothing',
  ])
    assert.ok(page.includes(words), words);
  assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  assert.ok(whoamiPage({ ...WHOAMI, duties: WHOAMI.duties.slice(0, 1) }).includes('What it may do:'));
});
