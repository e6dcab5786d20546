import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { ApprovalRules, HOLDS_MAX } from '#core/verify/approval-rules.ts';
import { withKeysFile } from '#core/verify/issuer-keys.ts';
import { approvalEntry, holdEntry, releaseEntry } from '#test/fixtures/approvals.ts';
import { newKey, OPENED_MS, sessionEntry } from '#test/fixtures/bundle.ts';
import { BUNDLE_ISSUER, reissue } from '#test/fixtures/issued-bundle.ts';
import { jwkOf, RSA_KEY } from '#test/fixtures/issuer.ts';

const { entry } = reissue(sessionEntry('s', newKey(), newKey()));
const SESSION = { ...entry, claims: { ...entry.claims }, chain: [...entry.chain] };
const parsed = withKeysFile(JSON.stringify({ issuers: [{ issuer: BUNDLE_ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] }));
const KEYS = typeof parsed === 'string' ? assert.fail(parsed) : parsed;
const AT = new Date(OPENED_MS).toISOString();
const BEA = approvalEntry(SESSION.gateway);
const second = { hold: 'h2', approver: { id: '1002', login: 'cid' }, run: '5001' };

/** Codes, one for each entry, of a session in which d9 waits from the beginning. */
function take(entries: readonly AuditEntry[]): readonly (string | null)[] {
  const rules = new ApprovalRules(KEYS);
  rules.wait('d9');
  return entries.map((each) => {
    if (each.kind === 'hold') return rules.hold(each, AT)?.code ?? null;
    if (each.kind === 'approval') return rules.approval({ ...each }, SESSION)?.code ?? null;
    return each.kind === 'release' ? (rules.release({ ...each, reasons: [...each.reasons] })?.code ?? null) : 'other';
  });
}

test('ApprovalRules lets go on what was approved, by one or by two', () => {
  assert.deepEqual(take([holdEntry(), BEA, releaseEntry()]), [null, null, null]);
  const two = [holdEntry(), holdEntry(second), approvalEntry(SESSION.gateway, second), BEA, releaseEntry()];
  assert.deepEqual(take(two), [null, null, null, null, null]);
});

const REJECTED = { ...BEA, verdict: 'rejected', receipt: null, approver: null, run: null } as const;
const BAD: readonly (readonly [what: string, entries: readonly AuditEntry[], codes: readonly (string | null)[]])[] = [
  ['released without a request', [releaseEntry()], ['approval']],
  ['released while one is open', [holdEntry(), releaseEntry()], [null, 'approval']],
  ['released with one of two', [holdEntry(), holdEntry(second), BEA, releaseEntry()], [null, null, null, 'approval']],
  ['released when rejected', [holdEntry(), REJECTED, releaseEntry()], [null, null, 'approval']],
  [
    'approved twice by one person',
    [
      holdEntry(),
      holdEntry(second),
      BEA,
      approvalEntry(SESSION.gateway, { ...second, approver: { id: '1001', login: 'bea' } }),
      releaseEntry(),
    ],
    [null, null, null, null, 'approval'],
  ],
  ['approved after a rejection', [holdEntry(), REJECTED, BEA], [null, null, 'order']],
  ['approved without a request', [BEA], ['order']],
  ['a request of what does not wait', [holdEntry({ decision: 'd1' })], ['order']],
  ['two requests of one id', [holdEntry(), holdEntry()], [null, 'order']],
  ['released twice', [holdEntry(), BEA, releaseEntry(), releaseEntry()], [null, null, null, 'order']],
  ['approved after its release', [holdEntry(), releaseEntry('d9', 'deny'), BEA], [null, null, 'order']],
  ['approved by nobody', [holdEntry(), { ...BEA, approver: null }], [null, 'order']],
  ['rejected, with a receipt', [holdEntry(), { ...REJECTED, receipt: BEA.receipt }], [null, 'order']],
  ['a receipt of something else', [holdEntry(), { ...BEA, run: '1' }], [null, 'approval']],
];

test('ApprovalRules finds what went on without the approval that it needed (P4)', () => {
  for (const [what, entries, codes] of BAD) assert.deepEqual(take(entries), codes, what);
});

test('ApprovalRules holds no more than the named number of requests', () => {
  const rules = new ApprovalRules(KEYS);
  rules.wait('d9');
  for (let n = 0; n < HOLDS_MAX; n += 1) assert.equal(rules.hold(holdEntry({ hold: `h${n}` }), AT), null);
  assert.equal(rules.hold(holdEntry({ hold: 'one more' }), AT)?.code, 'entry');
});
