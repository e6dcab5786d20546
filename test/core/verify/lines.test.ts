import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from '#core/verify/lines.ts';

test('LineSplitter gives the same lines however the bytes are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 9 }).map((text) => text.replaceAll('\n', ' '))),
      fc.string({ maxLength: 5 }).map((text) => text.replaceAll('\n', ' ')),
      fc.integer({ min: 1, max: 9 }),
      (list, torn, size) => {
        const bytes = Buffer.from(list.map((line) => `${line}\n`).join('') + torn);
        const found: string[] = [];
        const lines = new LineSplitter(100, (line) => found.push(line.toString()));
        for (let from = 0; from < bytes.length; from += size) {
          const piece = Buffer.from(bytes.subarray(from, from + size));
          assert.ok(lines.push(piece));
          piece.fill(0); // what is held is a copy
        }
        assert.deepEqual(found, list);
        assert.equal(lines.tornBytes, Buffer.byteLength(torn));
      },
    ),
    { numRuns: 200, verbose: 1 },
  );
});

test('LineSplitter takes a line of the most bytes and none longer, ended or not', () => {
  const found: number[] = [];
  const splitter = (): LineSplitter => new LineSplitter(4, (line) => found.push(line.length));
  assert.ok(splitter().push(Buffer.from('1234\n')));
  assert.ok(!splitter().push(Buffer.from('12345\n')));
  const torn = splitter();
  assert.ok(torn.push(Buffer.from('1234')));
  assert.ok(!torn.push(Buffer.from('5')));
  const late = splitter();
  assert.ok(late.push(Buffer.from('123')));
  assert.ok(!late.push(Buffer.from('45\n')));
  assert.deepEqual(found, [4]);
});
