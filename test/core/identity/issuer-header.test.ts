import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIssuerHeader } from '#core/identity/issuer-header.ts';
import { HEADER } from '#test/fixtures/issuer.ts';

test('parseIssuerHeader() takes the headers that GitHub writes', () => {
  assert.deepEqual(parseIssuerHeader(HEADER), { kid: 'key-one' });
  assert.deepEqual(parseIssuerHeader({ alg: 'RS256', kid: 'k' }), { kid: 'k' });
});

const REFUSED: readonly (readonly [change: Readonly<Record<string, unknown>>, says: RegExp])[] = [
  ...['none', 'None', 'HS256', 'RS384', 'PS256', 'ES256', 'EdDSA', 'rs256'].map((alg) => [{ alg }, /expected RS256/] as const),
  [{ alg: undefined }, /no algorithm/],
  [{ alg: ['RS256'] }, /no algorithm/],
  [{ alg: `x\n::error::${'y'.repeat(1000)}` }, /^it is signed with "x\\n::error::y{1,40}", expected RS256$/],
  [{ kid: undefined }, /no usable kid/],
  [{ kid: 5 }, /no usable kid/],
  [{ kid: '' }, /no usable kid/],
  [{ kid: 'k'.repeat(257) }, /no usable kid/],
  [{ typ: 'at+jwt' }, /no usable typ/],
  [{ jku: 'https://evil.example/jwks' }, /header has jku/],
  [{ jwk: { kty: 'RSA' } }, /header has jwk/],
  [{ x5u: 'https://evil.example/x' }, /header has x5u/],
  [{ x5c: [] }, /header has x5c/],
  [{ crit: ['exp'] }, /header has crit/],
  [{ b64: false, crit: ['b64'] }, /header has crit, b64/],
  [{ zip: 'DEF' }, /header has zip/],
];

for (const [change, says] of REFUSED) {
  test(`parseIssuerHeader() refuses ${JSON.stringify(change).slice(0, 60)}`, () => {
    const found = parseIssuerHeader({ ...HEADER, ...change });
    assert.match(typeof found === 'string' ? found : 'taken', says);
  });
}
