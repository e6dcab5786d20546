import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveSizes } from '#adapters/files/archive-extra.ts';
import { ArchiveFault } from '#adapters/files/archive-fault.ts';
import { extra, u64 } from './zip-maker.ts';

const MARK = 0xffff_ffff;
const large = (...sizes: readonly number[]): Buffer => extra(1, Buffer.concat(sizes.map(u64)));
const times = extra(0x5455, Buffer.alloc(5, 1));

test('resolveSizes() takes the marked sizes from the zip64 field, in order', () => {
  assert.deepEqual(resolveSizes('a', times, [5, 7, 9]), [5, 7, 9]);
  assert.deepEqual(resolveSizes('a', Buffer.concat([times, large(2 ** 33, 8, 9)]), [MARK, MARK, MARK]), [2 ** 33, 8, 9]);
  assert.deepEqual(resolveSizes('a', large(2 ** 33), [5, MARK, 9]), [5, 2 ** 33, 9]);
});

const REFUSED: readonly (readonly [what: string, code: string, extra: Buffer, sizes: readonly number[]])[] = [
  ['a mark without a field', 'ambiguous', Buffer.alloc(0), [MARK, 1]],
  ['a field without a mark', 'ambiguous', large(5, 5), [1, 1]],
  ['an empty field without a mark', 'ambiguous', large(), [1, 1]],
  ['more sizes than marks', 'ambiguous', large(5, 5), [MARK, 1]],
  ['fewer sizes than marks', 'ambiguous', large(5), [MARK, MARK]],
  ['half a size', 'ambiguous', extra(1, Buffer.alloc(12)), [MARK, MARK]],
  ['two fields of sizes', 'ambiguous', Buffer.concat([large(5), large(6)]), [MARK]],
  ['a second name', 'ambiguous', extra(0x7075, Buffer.from([1, 0, 0, 0, 0, 97])), [1]],
  ['a link of Info-ZIP', 'ambiguous', extra(0x756e, Buffer.alloc(14)), [1]],
  ['a link of PKWARE', 'ambiguous', extra(0x000d, Buffer.alloc(14)), [1]],
  ['AES', 'ambiguous', extra(0x9901, Buffer.alloc(7)), [1]],
  ['strong encryption', 'ambiguous', extra(0x0017, Buffer.alloc(8)), [1]],
  ['a field that nobody knows', 'ambiguous', extra(0x4242, Buffer.alloc(0)), [1]],
  ['bytes that are no field', 'malformed', Buffer.from([1, 2, 3]), [1]],
  ['a field longer than there is', 'malformed', times.subarray(0, 7), [1]],
  ['an absurd size', 'malformed', extra(1, u64(2n ** 63n)), [MARK]],
];

for (const [what, code, bytes, sizes] of REFUSED) {
  test(`resolveSizes() refuses ${what} (R37)`, () => {
    assert.throws(
      () => resolveSizes('a', bytes, sizes),
      (fault) => fault instanceof ArchiveFault && fault.code === code,
    );
  });
}

test('resolveSizes() answers any bytes with sizes or a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(fc.constantFrom(0, 5, MARK), { minLength: 2, maxLength: 3 }), (bytes, sizes) => {
      try {
        assert.equal(resolveSizes('a', Buffer.from(bytes), sizes).length, sizes.length);
      } catch (fault) {
        assert.ok(fault instanceof ArchiveFault, String(fault));
      }
    }),
  );
});
