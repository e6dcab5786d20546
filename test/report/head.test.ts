import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionFacts, Verification } from '#core/verify/verification.ts';
import { TEXT_CHARACTERS_MAX } from '#report/cut.ts';
import { CLAIMS_MAX, type ReportHead, reportHead } from '#report/head.ts';
import { newKey, sessionEntry } from '#test/fixtures/bundle.ts';
import { githubClaims } from '#test/fixtures/issuer.ts';
import { verificationOf } from './verification.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';

function session(change: Partial<SessionFacts> = {}): SessionFacts {
  const { entry } = sessionEntry('s', newKey(), newKey());
  const claims = Object.fromEntries(Object.entries(githubClaims(ISSUER, 0, 'a')).map(([name, value]) => [name, String(value)]));
  return { ...entry, claims: { ...claims }, chain: [...entry.chain], issuer: ISSUER, ...change };
}

const fact = ({ facts }: ReportHead, name: string): string | undefined => facts.find(([each]) => each === name)?.[1];

const VERDICTS: readonly {
  readonly found: Partial<Verification>;
  readonly mood: ReportHead['mood'];
  readonly title: RegExp;
  readonly meaning: RegExp;
}[] = [
  { found: { anchoring: 'anchored' }, mood: 'good', title: /vouched for/, meaning: new RegExp(`${ISSUER} vouches`) },
  { found: { anchoring: 'local' }, mood: 'fair', title: /only its own machine/, meaning: /Nobody outside the machine/ },
  { found: { anchoring: 'unanchored' }, mood: 'fair', title: /nobody known vouches/, meaning: /--keys/ },
  { found: { verdict: 'unsealed', anchoring: 'anchored' }, mood: 'fair', title: /Not sealed/, meaning: /signed by nobody/ },
  { found: { verdict: 'broken', anchoring: 'unanchored' }, mood: 'bad', title: /Broken/, meaning: /not as it was written/ },
];

for (const { found, mood, title, meaning } of VERDICTS) {
  test(`reportHead() says what ${found.verdict ?? 'sealed'} and ${found.anchoring} mean`, () => {
    const head = reportHead(verificationOf({ session: session(), ...found }));
    assert.equal(head.mood, mood);
    assert.match(head.title, title);
    assert.match(head.meaning, meaning);
    assert.equal(found.anchoring === 'anchored' && found.verdict === undefined, mood === 'good');
  });
}

test('reportHead() tells who, where and under which policy', () => {
  const source = {
    repository: 'acme/shop',
    repositoryId: '34',
    path: '.github/duty-gate.yml',
    ref: 'refs/heads/main',
    commit: 'c'.repeat(40),
  };
  const times = { from: '2026-01-02T03:04:05.678Z', to: '2026-01-03T00:00:01.000Z' };
  const head = reportHead(
    verificationOf({ session: session({ policySource: source, confinement: 'unconfined' }), anchoring: 'anchored', ...times }),
  );
  assert.deepEqual(
    ['Duty', 'Who', 'Actor', 'Repository', 'Run', 'When'].map((name) => fact(head, name)),
    [
      ...['reader', 'someone by /bin/true', 'ann', 'acme/shop', '4711, attempt 1, push on refs/heads/main'],
      "2026-01-02 03:04:05 to 2026-01-03 00:00:01 UTC, by the gateway's clock",
    ],
  );
  assert.equal(fact(head, 'Policy'), `.github/duty-gate.yml of acme/shop, refs/heads/main at commit ${source.commit}`);
  assert.deepEqual([head.duty, head.unconfined], ['reader', true]);
  assert.match(head.proof, /Claimed, not proved/);
});

test('reportHead() says nothing of a session that is not there, and leaves out what is not known', () => {
  const none = reportHead(verificationOf({ verdict: 'broken' }));
  assert.deepEqual([none.facts, none.claims, none.duty], [[], [], null]);
  const bare = reportHead(verificationOf({ session: session({ claims: {} }) }));
  assert.deepEqual(
    ['Actor', 'Repository', 'Run', 'Workflow', 'When'].map((name) => fact(bare, name)),
    [undefined, undefined, undefined, undefined, undefined],
  );
});

test('reportHead() is bounded, whatever a session says', () => {
  const long = 'x'.repeat(1_000_000);
  const claims = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${n}${long.slice(0, 1000)}`, long]));
  const link = { principal: long, duty: long, executable: long, started: '2026-01-02T03:04:05.678Z', keyThumbprint: 'k' };
  const problems = [{ code: 'token', where: long, what: long }] as const;
  const head = reportHead(
    verificationOf({ session: session({ claims, chain: Array.from({ length: 100 }, () => link), issuer: long }), problems, notes: [long] }),
  );
  assert.equal(head.claims.length, CLAIMS_MAX);
  const texts = [...head.facts, ...head.claims].flat();
  for (const text of [...texts, ...head.problems, ...head.notes]) assert.ok(text.length < TEXT_CHARACTERS_MAX + 50, text.slice(0, 20));
  assert.ok(JSON.stringify(head).length < 200_000);
});
