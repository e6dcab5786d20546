import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCompactJws } from '#core/identity/compact-jws.ts';
import { part } from '#test/fixtures/issuer.ts';

const HEAD = part({ alg: 'RS256' });
const BODY = part({ iss: 'x' });

test('parseCompactJws() reads header, claims, signature and what was signed', () => {
  const jws = parseCompactJws(`${HEAD}.${BODY}.AAAA`);
  assert.deepEqual(jws, {
    header: { alg: 'RS256' },
    claims: { iss: 'x' },
    input: Buffer.from(`${HEAD}.${BODY}`),
    signature: Buffer.alloc(3),
  });
});

const REFUSED: readonly (readonly [name: string, token: string])[] = [
  ['nothing', ''],
  ['two parts', `${HEAD}.${BODY}`],
  ['no signature', `${HEAD}.${BODY}.`],
  ['four parts', `${HEAD}.${BODY}.AAAA.`],
  ['padding', `${HEAD}.${BODY}.AA==`],
  ['bits that stand for nothing', `${HEAD}.${BODY}.AB`],
  ['white space', `${HEAD}.${BODY}.AAAA\n`],
  ['the other alphabet', `${HEAD}.${BODY}.++//`],
  ['characters outside ASCII', `${HEAD}.${BODY}.Āāāā`],
  ['no JSON', `${HEAD}.${part('{')}.AAAA`],
  ['a list', `${HEAD}.${part('[]')}.AAAA`],
  ['null', `${HEAD}.${part('null')}.AAAA`],
  ['a text', `${part('"x"')}.${BODY}.AAAA`],
  ['a byte order mark', `${HEAD}.${part('\ufeff{}')}.AAAA`],
  ['no UTF-8', `${HEAD}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.AAAA`],
  ['a claim twice', `${HEAD}.${part('{"iss":"a","iss":"b"}')}.AAAA`],
  ['a header twice', `${part('{"alg":"RS256","alg":"none"}')}.${BODY}.AAAA`],
];

for (const [name, token] of REFUSED) {
  test(`parseCompactJws() refuses ${name}`, () => {
    assert.equal(typeof parseCompactJws(token), 'string');
  });
}

test('parseCompactJws() answers whatever it is given', () => {
  const piece = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(HEAD, BODY, '.', '..'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      parseCompactJws(pieces.join('.'));
    }),
  );
});
