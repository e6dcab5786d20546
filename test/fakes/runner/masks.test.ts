import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Masks } from './masks.ts';

describe('Masks', () => {
  const CASES: readonly { secrets: readonly string[]; text: string; shown: string }[] = [
    { secrets: ['s3cret'], text: 'a s3cret, s3cret', shown: 'a ***, ***' },
    { secrets: ['s3cret'], text: 's3crets3cret', shown: '***' },
    { secrets: ['abcd', 'cdef'], text: 'abcdef!', shown: '***!' },
    { secrets: ['ab', 'abcd'], text: 'abcd', shown: '***' },
    { secrets: ['one\r\n  two  \n\n'], text: 'one two three', shown: '*** *** three' },
    { secrets: ['', ' \n '], text: 'untouched', shown: 'untouched' },
    { secrets: ['pass"word'], text: JSON.stringify({ x: 'pass"word' }), shown: '{"x":"***"}' },
    { secrets: ['pa ss&word'], text: 'pa%20ss%26word pa ss&amp;word', shown: '*** ***' },
    { secrets: ['password'], text: Buffer.from('password').toString('base64'), shown: '***' },
    { secrets: ['"in quotes"'], text: 'in quotes', shown: '***' },
    { secrets: ['\ud800lone'], text: '\ud800lone', shown: '***' },
  ];
  for (const { secrets, text, shown } of CASES) {
    it(`hide() shows ${JSON.stringify(text)} as ${shown}`, () => assert.equal(new Masks(secrets).hide(text), shown));
  }

  it('hide() leaves no secret, and nothing else out', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), part, (secrets, text) => {
        const shown = new Masks(secrets).hide(text);
        for (const secret of secrets) assert.ok(secret === '' || !shown.includes(secret));
        assert.ok(shown.split('***').every((piece) => text.includes(piece)));
      }),
    );
  });
});
