import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolViolation } from '#gates/postgres/frames.ts';
import { scramClient } from '#gates/postgres/scram.ts';

/** RFC 7677, 3. */
const RFC = {
  password: 'pencil',
  nonce: 'rOprNGfwEbeRWgbNEkqO',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};

test('scramClient() reproduces the exchange of RFC 7677', () => {
  const first = scramClient(RFC.password, RFC.nonce, 'user');
  assert.equal(first.message, RFC.clientFirst);
  const final = first.answer(RFC.serverFirst);
  assert.equal(final.message, RFC.clientFinal);
  final.verify(RFC.serverFinal);
});

test('scramClient() sends PostgreSQL no user name', () => {
  assert.equal(scramClient('p', 'nonce').message, 'n,,n=,r=nonce');
});

const WRONG_SERVER_FINALS = [
  '',
  'v=',
  'v=AAAA',
  'e=invalid-proof',
  `x${RFC.serverFinal}`,
  RFC.serverFinal.replace('v=6', 'v=7'),
  'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95A==',
];

test('verify() throws ProtocolViolation for a server that does not prove the password', () => {
  const final = scramClient(RFC.password, RFC.nonce, 'user').answer(RFC.serverFirst);
  for (const wrong of WRONG_SERVER_FINALS) assert.throws(() => final.verify(wrong), ProtocolViolation, wrong);
});

const WRONG_SERVER_FIRSTS: readonly (readonly [what: string, message: string])[] = [
  ['nothing', ''],
  ['a nonce of its own', 'r=somethingelse,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'],
  ['our nonce alone', 'r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'],
  ['a mandatory extension', 'm=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'],
  ['no salt', 'r=rOprNGfwEbeRWgbNEkqOx,i=4096'],
  ['no iterations', 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ=='],
  ['zero iterations', 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0'],
  ['negative iterations', 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1'],
  ['iterations that would hold the gateway up', 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001'],
  ['iterations beyond numbers', 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999'],
  ['fields in another order', 'i=4096,s=W22ZaJ0SNY7soEsUEjb6gQ==,r=rOprNGfwEbeRWgbNEkqOx'],
];

test('answer() throws ProtocolViolation for what no server may ask', () => {
  const first = scramClient(RFC.password, RFC.nonce);
  for (const [what, message] of WRONG_SERVER_FIRSTS) assert.throws(() => first.answer(message), ProtocolViolation, what);
});

test('answer() never repeats the password in an error', () => {
  const first = scramClient('hunter2-secret', RFC.nonce);
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (message) => {
      try {
        first.answer(message);
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation && !error.message.includes('hunter2'));
      }
    }),
    { numRuns: 200 },
  );
});

/** Whether a server that knows the password as `known` accepts one that is given as `given`: RFC 5802, 3, from its side. */
function accepts(known: string, given: string): boolean {
  const salt = Buffer.from('0123456789abcdef');
  const first = scramClient(given, 'nonce');
  const serverFirst = `r=nonceMore,s=${salt.toString('base64')},i=1`;
  const { message } = first.answer(serverFirst);
  const [withoutProof = '', proof = ''] = message.split(',p=');
  const clientKey = createHmac('sha256', pbkdf2Sync(known, salt, 1, 32, 'sha256'))
    .update('Client Key')
    .digest();
  const storedKey = createHash('sha256').update(clientKey).digest();
  const signature = createHmac('sha256', storedKey).update(`n=,r=nonce,${serverFirst},${withoutProof}`).digest();
  return Buffer.from(proof, 'base64').every((byte, index) => (byte ^ (signature[index] ?? 0)) === clientKey[index]);
}

const PREPARED: readonly (readonly [given: string, known: string])[] = [
  ['plain ASCII ~ !', 'plain ASCII ~ !'],
  ['', ''],
  ['I\u00adX', 'IX'],
  ['\u00aa', 'a'],
  ['\u2168', 'IX'],
  ['a\u00a0b\u3000c', 'a b c'],
  ['\ufb01sh', 'fish'],
  ['e\u0301', '\u00e9'],
  // Prohibited: the bytes as they are.
  ['\ufb01\u0007', '\ufb01\u0007'],
  ['\ufb01\ue000', '\ufb01\ue000'],
  ['\ufb01\u202e', '\ufb01\u202e'],
  ['\ufb01\ufffd', '\ufb01\ufffd'],
  ['\u00ad', '\u00ad'],
];

test('answer() prepares passwords as PostgreSQL does (RFC 4013)', () => {
  for (const [given, known] of PREPARED) assert.ok(accepts(known, given), JSON.stringify(given));
  assert.ok(!accepts('right', 'wrong'));
});
