import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ed25519Jwk, ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';

/** RFC 8037 Appendix A.1 to A.5. */
const KEY = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
const INPUT = Buffer.from('eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc');
const SIGNATURE = Buffer.from('hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg', 'base64url');
/** The order of the group, little endian (RFC 8032 section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

test('ed25519Thumbprint() is that of RFC 8037 A.3', () => {
  assert.equal(ed25519Thumbprint(KEY), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

test('isSignedBy() takes the signature of RFC 8037 A.4, and no other', () => {
  assert.ok(isSignedBy(KEY, INPUT, SIGNATURE));
  assert.ok(!isSignedBy(KEY, Buffer.concat([INPUT, INPUT]), SIGNATURE));
  for (let bit = 0; bit < SIGNATURE.length * 8; bit += 1) {
    const flipped = Buffer.from(SIGNATURE);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.ok(!isSignedBy(KEY, INPUT, flipped), `bit ${bit}`);
  }
  assert.ok(!isSignedBy(KEY, INPUT, SIGNATURE.subarray(1)));
});

test('isSignedBy() refuses an S past the order of the group, which would be a second signature', () => {
  const s = BigInt(`0x${Buffer.from(SIGNATURE.subarray(32)).reverse().toString('hex')}`) + ORDER;
  const larger = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  assert.ok(!isSignedBy(KEY, INPUT, Buffer.concat([SIGNATURE.subarray(0, 32), larger])));
});

test('isSignedBy() answers false for 32 bytes that are no key', () => {
  assert.ok(!isSignedBy({ ...KEY, x: Buffer.alloc(32, 0xff).toString('base64url') }, INPUT, SIGNATURE));
});

test('isSignedBy() knows a point by one spelling only', () => {
  // The point with y = 1: anything verifies under it where S = 0 and R = it, in whatever spelling a library lets pass.
  const [P, SIGN] = [2n ** 255n - 19n, 2n ** 255n];
  const spelled = (y: bigint) => Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
  const signature = Buffer.concat([spelled(1n), Buffer.alloc(32)]);
  for (const y of [P, P + 1n, P + 3n, 1n + SIGN, P - 1n + SIGN, P + 1n + SIGN])
    assert.ok(!isSignedBy({ ...KEY, x: spelled(y).toString('base64url') }, INPUT, signature), y.toString(16));
});

test('Ed25519Jwk takes nothing but the three members, x in its only spelling', () => {
  assert.ok(Ed25519Jwk.safeParse(KEY).success);
  const bad = [{ x: `${KEY.x.slice(0, -1)}p` }, { x: `${KEY.x}=` }, { x: 'AQI' }, { d: 'secret' }, { kty: 'EC' }, { crv: 'X25519' }];
  for (const change of bad) assert.ok(!Ed25519Jwk.safeParse({ ...KEY, ...change }).success, JSON.stringify(change));
});
