import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTimestamp } from '#core/audit/timestamp.ts';

/** By way of the system's own calendar. */
function exists(text: string): boolean {
  const ms = Date.parse(text);
  if (text.startsWith('0000')) return false; // some calendars have no such year
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && Number.isFinite(ms) && new Date(ms).toISOString() === text;
}

test('isTimestamp() knows every time that exists, and no other', () => {
  const two = fc.nat({ max: 99 }).map((n) => String(n).padStart(2, '0'));
  const parts = fc.tuple(fc.nat({ max: 9999 }), two, two, two, two, two, fc.nat({ max: 999 }));
  fc.assert(
    fc.property(parts, ([year, month, day, hour, minute, second, ms]) => {
      const text = `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.${String(ms).padStart(3, '0')}Z`;
      assert.equal(isTimestamp(text), exists(text), text);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }), (date) =>
      isTimestamp(date.toISOString()),
    ),
  );
  for (const year of [0, 4, 100, 400, 1900, 2000, 2024, 2026])
    for (const day of ['28', '29', '30']) {
      const text = `${String(year).padStart(4, '0')}-02-${day}T00:00:00.000Z`;
      assert.equal(isTimestamp(text), exists(text), text);
    }
});

test('isTimestamp() takes no other spelling', () => {
  for (const text of [
    '',
    '2026-01-02T03:04:05Z',
    '2026-01-02 03:04:05.678Z',
    '2026-01-02T03:04:05.678',
    '2026-01-02T03:04:05.678+00:00',
    '+2026-01-02T03:04:05.678Z',
    '2026-01-02T24:00:00.000Z',
    '2026-01-02T03:04:05.678Z\n',
  ])
    assert.ok(!isTimestamp(text), text);
});
