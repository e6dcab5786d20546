import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEmails, findJwts } from '#core/masking/detect-tokens.ts';

const MAILS: readonly (readonly [text: string, mails: readonly string[]])[] = [
  ['ann@example.com', ['ann@example.com']],
  ['"Ann" <ann.b+c@mail.example.co.uk>, bob@x.org.', ['ann.b+c@mail.example.co.uk', 'bob@x.org']],
  ['jürgen@bücher.example', ['jürgen@bücher.example']],
  ['ann@localhost', []],
  ['@example.com', []],
  ['ann@.com', []],
  ['a @ b.c', []],
  ['ann@example.com@example.org', ['ann@example.com']],
];

test('findEmails() finds addresses with a dotted domain', () => {
  for (const [text, mails] of MAILS) {
    assert.deepEqual(
      findEmails(text).map(([start, end]) => text.slice(start, end)),
      mails,
      text,
    );
  }
});

test('findEmails() reads no more of a local part and a domain than they may have', () => {
  const [span] = findEmails(`${'a'.repeat(100)}@${'b.'.repeat(300)}c`);
  assert.deepEqual(span, [36, 100 + 1 + 255]);
});

/** The example of RFC 7515, appendix A.1, cut. */
const JWT = 'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

const TOKENS: readonly (readonly [text: string, tokens: readonly string[]])[] = [
  [`Bearer ${JWT}`, [JWT]],
  [`"${JWT}","${JWT}"`, [JWT, JWT]],
  ['eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.', ['eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.']],
  ['eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d', ['eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d']],
  ['eyJ.a.b', []],
  ['eyJhbGciOiJub25lIn0', []],
  ['eyJhbGciOiJub25lIn0..', []],
  [`eyJhbGciOiJub25lIn0 ${JWT}`, [JWT]],
];

test('findJwts() finds tokens of two, three and five parts', () => {
  for (const [text, tokens] of TOKENS) {
    assert.deepEqual(
      findJwts(text).map(([start, end]) => text.slice(start, end)),
      tokens,
      text,
    );
  }
});
