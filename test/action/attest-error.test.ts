import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { AttestError, type AttestErrorCode, attestLevel, cannotAttest, signingError } from '#action/attest-error.ts';

const SERVICES = { certificates: 'fulcio.example', log: 'rekor.example', timestamps: 'timestamp.example' };

/** As @sigstore/sign makes its own. */
function libraryError(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name: 'InternalError', code });
}

const http = (statusCode: number) => Object.assign(new Error('(x) eyJhbGciOi.secret'), { statusCode });

const CASES: readonly (readonly [string, unknown, AttestErrorCode, RegExp])[] = [
  [
    'CA',
    libraryError('CA_CREATE_SIGNING_CERTIFICATE_ERROR', 'x', http(400)),
    'certificate',
    /fulcio\.example gave no certificate \(HTTP 400\)/,
  ],
  ['CA', libraryError('CA_CREATE_SIGNING_CERTIFICATE_ERROR', 'x', http(503)), 'certificate', /expected it to be well again in a later run/],
  ['log', libraryError('TLOG_CREATE_ENTRY_ERROR', 'x', http(429)), 'log', /rekor\.example gave no entry in Sigstore's log \(HTTP 429\)/],
  ['log', libraryError('TLOG_FETCH_ENTRY_ERROR', 'x', http(404)), 'log', /\(HTTP 404\), expected it to accept this job/],
  ['TSA', libraryError('TSA_CREATE_TIMESTAMP_ERROR', 'x', http(500)), 'timestamp', /timestamp\.example gave no timestamp \(HTTP 500\)/],
  [
    'net',
    libraryError('CA_CREATE_SIGNING_CERTIFICATE_ERROR', 'x', Object.assign(new Error(), { code: 'ENOTFOUND' })),
    ...([
      'certificate',
      /fulcio\.example cannot be reached from this runner \(ENOTFOUND\), .* a firewall or proxy must let it through/,
    ] as const),
  ],
  ['id', libraryError('IDENTITY_TOKEN_READ_ERROR', 'x', 'CI: no tokens available'), 'token', /permissions: id-token: write/],
  ['id', libraryError('IDENTITY_TOKEN_PARSE_ERROR', 'invalid identity token: eyJ.secret.x'), 'token', /permissions: id-token: write/],
  ['own', new TypeError('eyJ.secret'), 'fault', /TypeError, expected no fault of the signing itself/],
  ['not an error', 'eyJ.secret', 'fault', /an unknown fault/],
];

describe('signingError() says what failed, where, and how to mend it, and repeats nothing', () => {
  for (const [what, cause, code, says] of CASES)
    it(`of ${what} ${says.source.slice(0, 40)}`, () => {
      const error = signingError(cause, SERVICES);
      assert.equal(error.code, code);
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /secret|eyJ/);
    });
});

test('signingError() repeats no text of what it was given, whatever it was given', () => {
  const text = fc.string({ minLength: 12, maxLength: 60, unit: 'grapheme' });
  const code = fc.constantFrom('CA_CREATE_SIGNING_CERTIFICATE_ERROR', 'TLOG_CREATE_ENTRY_ERROR', 'IDENTITY_TOKEN_PARSE_ERROR', 'other');
  fc.assert(
    fc.property(code, text, text, (ofLibrary, message, inner) => {
      const cause = Object.assign(new Error(inner), { code: inner, statusCode: inner });
      const error = Object.assign(libraryError(ofLibrary, message, cause), { name: message });
      const told = signingError(error, SERVICES).message;
      const isWord = /^[A-Za-z0-9_]+$/;
      for (const secret of [message, inner]) assert.ok(isWord.test(secret) || !told.includes(secret));
    }),
  );
});

test('signingError() leaves what has our own words as it is', () => {
  const own = cannotAttest('time', 'it was late');
  assert.equal(signingError(own, SERVICES), own);
  assert.ok(own instanceof AttestError);
});

test('attestLevel() is a notice only where nothing is to be mended', () => {
  const codes: readonly AttestErrorCode[] = [
    'permission',
    'token',
    'certificate',
    'log',
    'timestamp',
    'storage',
    'time',
    'request',
    'fault',
  ];
  assert.deepEqual([...new Set(codes.map(attestLevel))], ['warning']);
  assert.equal(attestLevel('unavailable'), 'notice');
});
