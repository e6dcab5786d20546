import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSensitive, maskDetected } from '#core/masking/detect.ts';
import { DETECTORS } from '#core/policy/policy.ts';

const KEY = Buffer.alloc(32, 1);
const ALL = DETECTORS.map((detector) => ({ detector, method: 'redact' }) as const);

test('maskDetected() masks each kind, and leaves the rest as it is', () => {
  const text = 'card 4111 1111 1111 1111, mail ann@example.com, DE89370400440532013000, password=hunter2.';
  assert.deepEqual(maskDetected(text, ALL, KEY), { text: 'card ***, mail ***, ***, password=***', count: 4 });
});

test('maskDetected() masks findings that overlap as one, by the strictest', () => {
  const masks = [
    { detector: 'email', method: 'partial' },
    { detector: 'password', method: 'redact' },
  ] as const;
  assert.deepEqual(maskDetected('postgres://app:s3cret@db.example.com/x', masks, KEY), { text: 'postgres://app:***/x', count: 1 });
});

test('maskDetected() shows, within a text, as little for null as for redact', () => {
  assert.equal(maskDetected('to ann@example.com', [{ detector: 'email', method: 'null' }], KEY).text, 'to ***');
});

test('maskDetected() leaves texts without findings, and texts without masks, as they are', () => {
  assert.deepEqual(maskDetected('plain words', ALL, KEY), { text: 'plain words', count: 0 });
  assert.deepEqual(maskDetected('ann@example.com', [], KEY), { text: 'ann@example.com', count: 0 });
});

test('findSensitive() gives findings by start, within the text', () => {
  const alphabet = fc.constantFrom(
    'a',
    'Z',
    '0',
    '4',
    '1',
    ' ',
    '-',
    '@',
    '.',
    ':',
    '=',
    "'",
    '"',
    '\\',
    '/',
    'eyJ',
    'password',
    '://',
    '-----BEGIN PRIVATE KEY-----',
    'DE89',
    '\n',
    'é',
    '😀',
  );
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 80 }), (text) => {
      let last = 0;
      for (const { start, end } of findSensitive(text, DETECTORS)) {
        assert.ok(last <= start && start < end && end <= text.length);
        last = start;
      }
      assert.equal(maskDetected(text, ALL, KEY).count > 0, findSensitive(text, DETECTORS).length > 0);
    }),
    { numRuns: 1000 },
  );
});

/** Each makes a careless pattern read the rest of the text from every position. Quadratic work on a megabyte would not end in an hour. */
const HOSTILE = [
  '1',
  '1 ',
  '1-',
  '4111 ',
  '@',
  'a@',
  'a.',
  'a@a',
  '.@',
  'A',
  'AA00',
  'AA00 ',
  'eyJ',
  'eyJ.',
  'eyJhbGciOiJI.',
  'a.b',
  'password',
  'password=',
  "password='",
  'password  ',
  '\\"',
  '://',
  '://a:',
  '://@',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----END',
  'pwd:\\"',
  ' ',
  '\n',
  '😀',
];

test('findSensitive() reads a megabyte made against it', { timeout: 300_000 }, () => {
  for (const unit of HOSTILE) {
    const text = unit.repeat(Math.floor((1024 * 1024) / unit.length));
    for (const { end } of findSensitive(text, DETECTORS)) assert.ok(end <= text.length, unit);
  }
});
