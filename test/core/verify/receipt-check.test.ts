import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pinnedKeys, withKeysFile } from '#core/verify/issuer-keys.ts';
import { checkReceipt, type Receipt } from '#core/verify/receipt-check.ts';
import { type ApprovalChanges, approvalEntry, holdEntry } from '#test/fixtures/approvals.ts';
import { newKey, OPENED_MS, sessionEntry } from '#test/fixtures/bundle.ts';
import { BUNDLE_ISSUER, reissue } from '#test/fixtures/issued-bundle.ts';
import { HEADER, jwkOf, OTHER_RSA_KEY, RSA_KEY } from '#test/fixtures/issuer.ts';

const { entry } = reissue(sessionEntry('s', newKey(), newKey()));
const SESSION = { ...entry, claims: { ...entry.claims }, chain: [...entry.chain] };
const parsed = withKeysFile(JSON.stringify({ issuers: [{ issuer: BUNDLE_ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] }));
const KEYS = typeof parsed === 'string' ? assert.fail(parsed) : parsed;

function receipt(made: ApprovalChanges = {}, taken: Partial<Receipt> = {}): Receipt {
  const { approver, run, receipt: token } = approvalEntry(SESSION.gateway, made);
  assert.ok(approver !== null && run !== null && token !== null);
  return { session: SESSION, hold: holdEntry(), heldAt: new Date(OPENED_MS).toISOString(), approver, run, token, ...taken };
}

const what = (each: Receipt) => checkReceipt(each, KEYS).what;

test('checkReceipt() takes what GitHub signed for exactly this approval', () => {
  assert.deepEqual(checkReceipt(receipt(), KEYS), { what: null, unknownKey: null });
});

test('checkReceipt() says when the key is not known from outside, and vouches for nothing then (R1)', () => {
  assert.deepEqual(checkReceipt(receipt(), pinnedKeys()), { what: null, unknownKey: 'key-one' });
});

const hold = holdEntry();
/** What was made for something else, or is not what it says. */
const BAD: readonly (readonly [why: RegExp, receipt: Receipt])[] = [
  [/own name/, receipt({ approver: { id: '7', login: 'ann' } })],
  [/not of this operation/, receipt({}, { approver: { id: '1002' } })],
  [/not of this operation/, receipt({}, { run: '5001' })],
  [/not of this operation/, receipt({}, { hold: { ...hold, operation: '0'.repeat(64) } })],
  [/not of this operation/, receipt({}, { hold: { ...hold, hold: 'h2' } })],
  [/not of this operation/, receipt({}, { session: { ...SESSION, gateway: 'another' } })],
  [/another run/, receipt({ claims: { run_id: '5001' } })],
  [/first attempt/, receipt({ claims: { run_attempt: '2' } })],
  [/another environment/, receipt({ claims: { environment: 'staging' } })],
  [/another repository/, receipt({ claims: { repository_id: '35' } })],
  [/another issuer/, receipt({ claims: { iss: 'https://issuer.example' } })],
  [/older than/, receipt({ claims: { iat: OPENED_MS / 1000 - 61 } })],
  [/younger than/, receipt({ claims: { iat: OPENED_MS / 1000 + 1801 } })],
  [/malformed/, receipt({ claims: { iat: 'now' } })],
  [/signature/, receipt({ key: OTHER_RSA_KEY })],
  [/HS256/, receipt({ header: { ...HEADER, alg: 'HS256' } })],
  [/not a signed compact JWS/, receipt({}, { token: 'a.b.c' })],
  [/longer than/, receipt({}, { token: 'a'.repeat(70_000) })],
  [/nobody to approve/, receipt({}, { session: { ...SESSION, issuer: 'local' } })],
  [/names no actor_id/, receipt({}, { session: { ...SESSION, claims: { repository_id: '34' } } })],
];

test('checkReceipt() finds what was made for another operation, run, place, time or person, or by another hand (P4, R8)', () => {
  for (const [why, each] of BAD) assert.match(what(each) ?? 'nothing wrong', why);
});
