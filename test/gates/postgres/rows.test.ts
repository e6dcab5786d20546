import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskDetectedField, maskField } from '#core/masking/mask-bytes.ts';
import type { MaskMethod } from '#core/policy/policy.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';
import { maskRow, planRows, type RowMasks, type RowPlan } from '#gates/postgres/rows.ts';
import type { FieldDescription } from '#gates/postgres/server-messages.ts';
import { message, messages } from '#test/simulate/wire.ts';
import { bytes, int16, int32, value } from './bytes.ts';

const KEY = Buffer.alloc(32, 1);
const MASKS: RowMasks = {
  masksColumns: true,
  detects: false,
  maskField: (method, typeOid, format, field) => maskField(method, typeOid, format, field, KEY),
  maskDetected: (typeOid, format, field) => maskDetectedField(typeOid, format, field, [{ detector: 'email', method: 'redact' }], KEY),
};
const TEXT = 25;
const INT4 = 23;
const ORDERS = 16_500;
const RELATIONS = new Map([
  [
    ORDERS,
    new Map<number, MaskMethod>([
      [2, 'redact'],
      [3, 'null'],
      [4, 'partial'],
    ]),
  ],
]);

const field = (tableOid: number, columnAttr: number, typeOid = TEXT, format = 0): FieldDescription => ({
  name: 'shown as anything',
  tableOid,
  columnAttr,
  typeOid,
  format,
});
const dataRow = (...values: readonly (string | Buffer | null)[]) =>
  message('D', Buffer.concat([int16(values.length), ...values.map((each) => value(each === null ? null : Buffer.from(each)))]));

function plan(fields: readonly FieldDescription[], masks: RowMasks = MASKS): RowPlan {
  const made = planRows(fields, masks, RELATIONS);
  assert.ok(made !== null);
  return made;
}

/** The row as it leaves, masked where it stands between two others. */
function masked(row: Buffer, by: RowPlan): { readonly values: readonly (Buffer | null)[]; readonly masked: number } {
  const before = dataRow('before');
  const around = Buffer.concat([before, row, dataRow('behind')]);
  const copy = Buffer.from(around);
  const result = maskRow(around, before.length, before.length + row.length, by);
  assert.deepEqual(around, copy, 'the server’s bytes are never written to');
  const [only, ...others] = [...messages(result.frame)];
  assert.ok(only !== undefined && others.length === 0 && only.type === 'D');
  const values: (Buffer | null)[] = [];
  let offset = 2;
  while (offset < only.body.length) {
    const length = only.body.readInt32BE(offset);
    values.push(length === -1 ? null : only.body.subarray(offset + 4, offset + 4 + length));
    offset += 4 + Math.max(length, 0);
  }
  assert.equal(only.body.readUInt16BE(0), values.length);
  return { values, masked: result.masked };
}
const shown = (row: Buffer, by: RowPlan) => masked(row, by).values.map((each) => each?.toString() ?? null);

test('planRows() masks by the origin of each column, whatever it is called', () => {
  const columns = plan([field(ORDERS, 1), field(ORDERS, 2), field(ORDERS, 3, TEXT, 1), field(0, 0), field(ORDERS, -1)]).columns;
  assert.deepEqual(columns, [
    null,
    { method: 'redact', typeOid: TEXT, format: 0 },
    { method: 'null', typeOid: TEXT, format: 1 },
    null,
    null,
  ]);
});

test('planRows() redacts a column of a user’s relation that nobody resolved', () => {
  for (const oid of [16_384, 16_501, 0xffffffff]) assert.equal(plan([field(oid, 1)]).columns[0]?.method, 'redact');
});

test('planRows() leaves the columns of PostgreSQL’s own relations alone', () => {
  for (const oid of [1_259, 16_383]) assert.equal(planRows([field(oid, 1)], MASKS, RELATIONS), null);
});

test('planRows() gives no plan where nothing need be looked at', () => {
  assert.equal(planRows([], MASKS, RELATIONS), null);
  assert.equal(planRows([field(ORDERS, 1), field(0, 0)], MASKS, RELATIONS), null);
  assert.equal(planRows([field(ORDERS, 2), field(99_999, 1)], { ...MASKS, masksColumns: false }, RELATIONS), null);
});

test('planRows() has every other column looked at where values are masked by what they look like', () => {
  const methods = plan([field(ORDERS, 1), field(ORDERS, 2), field(0, 0)], { ...MASKS, detects: true }).columns.map((each) => each?.method);
  assert.deepEqual(methods, ['detect', 'redact', 'detect']);
});

test('maskRow() replaces masked values, longer and shorter than they were, and no other', () => {
  const by = plan([field(ORDERS, 1), field(ORDERS, 2), field(ORDERS, 4), field(0, 0)]);
  assert.deepEqual(shown(dataRow('1', '4111111111111111', 'x', 'end'), by), ['1', '***', '***', 'end']);
  assert.deepEqual(shown(dataRow('', '', '', ''), by), ['', '***', '***', '']);
});

test('maskRow() leaves NULL as it is, and can make one', () => {
  const by = plan([field(ORDERS, 2), field(ORDERS, 3), field(ORDERS, 1)]);
  assert.deepEqual(masked(dataRow(null, null, null), by), { values: [null, null, null], masked: 0 });
  const made = masked(dataRow('a', 'b', 'c'), by);
  assert.deepEqual(made.values.map(String), ['***', 'null', 'c']);
  assert.equal(made.masked, 2);
});

test('maskRow() masks binary values: text types by the same bytes, all others by NULL', () => {
  const by = plan([field(ORDERS, 2, TEXT, 1), field(ORDERS, 2, INT4, 1), field(ORDERS, 2, INT4, 0), field(ORDERS, 1, INT4, 1)]);
  const number = int32(42);
  assert.deepEqual(masked(dataRow('secret', number, '42', number), by).values, [Buffer.from('***'), null, null, number]);
});

test('maskRow() masks what detectors find, and passes the row uncopied where they find nothing', () => {
  const by = plan([field(0, 0), field(0, 0, INT4, 1)], { ...MASKS, detects: true });
  assert.deepEqual(shown(dataRow('write to jo@example.com', int32(7)), by)[0], 'write to ***');
  const row = dataRow('nothing here', int32(7));
  assert.equal(maskRow(row, 0, row.length, by).frame.buffer, row.buffer);
});

test('maskRow() masks rows of 1,664 columns, the most there are', () => {
  const count = 1_664;
  const by = plan(Array.from({ length: count }, (_, index) => field(ORDERS, index % 2 === 0 ? 1 : 2)));
  const result = masked(dataRow(...Array.from({ length: count }, (_, index) => `value ${index}`)), by);
  assert.equal(result.masked, count / 2);
  assert.ok(result.values.every((each, index) => each?.toString() === (index % 2 === 0 ? `value ${index}` : '***')));
});

test('maskRow() masks a value of a megabyte', () => {
  assert.deepEqual(shown(dataRow('x'.repeat(1 << 20), 'b'), plan([field(ORDERS, 2), field(ORDERS, 1)])), ['***', 'b']);
});

const TWO = plan([field(ORDERS, 1), field(ORDERS, 2)]);
const HOSTILE: readonly (readonly [what: string, row: Buffer])[] = [
  ['has a column less than described', dataRow('a')],
  ['has a column more than described', dataRow('a', 'b', 'secret')],
  ['has no columns', dataRow()],
  ['has no count', message('D')],
  ['has half a count', message('D', Buffer.from([0]))],
  ['promises columns that it has not', message('D', Buffer.concat([int16(2), value(Buffer.from('a'))]))],
  ['has half a length', message('D', Buffer.concat([int16(2), value(Buffer.from('a')), Buffer.from([0, 0])]))],
  ['has a value past its end', message('D', Buffer.concat([int16(2), int32(0), int32(6), Buffer.from('short')]))],
  ['has an enormous value', message('D', Buffer.concat([int16(2), int32(2 ** 31 - 1), value(null)]))],
  ['has a value of -2 bytes', message('D', Buffer.concat([int16(2), int32(-2), value(null)]))],
  ['has bytes behind its values', Buffer.concat([message('D', Buffer.concat([int16(2), value(null), value(null), Buffer.from('x')]))])],
];

for (const [what, row] of HOSTILE) {
  test(`maskRow() throws a ProtocolViolation when a row ${what}`, () => {
    const around = Buffer.concat([row, dataRow('the next', 'row')]);
    assert.throws(() => maskRow(around, 0, row.length, TWO), ProtocolViolation);
  });
}

test('maskRow() never shows a masked value, and changes no other', () => {
  const column = fc.record({
    attribute: fc.constantFrom(1, 2, 3, 4),
    format: fc.constantFrom(0, 1),
    typeOid: fc.constantFrom(TEXT, INT4, 1_043, 17),
  });
  const cell = fc.record({ column, content: fc.option(bytes(30)) });
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 20 }), (cells) => {
      const fields = cells.map(({ column: { attribute, format, typeOid } }) => field(ORDERS, attribute, typeOid, format));
      const by = planRows(fields, MASKS, RELATIONS);
      if (by === null) return assert.ok(cells.every(({ column: { attribute } }) => attribute === 1));
      const result = masked(dataRow(...cells.map(({ content }) => content)), by);
      for (const [
        index,
        {
          column: { attribute, format, typeOid },
          content,
        },
      ] of cells.entries()) {
        const method = RELATIONS.get(ORDERS)?.get(attribute);
        const expected = content === null || method === undefined ? content : maskField(method, typeOid, format, content, KEY);
        assert.deepEqual(result.values[index], expected);
      }
    }),
    { numRuns: 200, verbose: 1 },
  );
});

test('maskRow() answers random rows with a row or a ProtocolViolation', () => {
  fc.assert(
    fc.property(bytes(40), (body) => {
      const row = message('D', body);
      try {
        maskRow(Buffer.concat([row, dataRow('a', 'b')]), 0, row.length, TWO);
      } catch (cause) {
        assert.ok(cause instanceof ProtocolViolation, String(cause));
      }
    }),
    { numRuns: 300, verbose: 1 },
  );
});
