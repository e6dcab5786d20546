import fc from 'fast-check';
import { globList } from '#core/policy/glob-text.ts';
import { DETECTORS, type Duty, MASK_METHODS, type MaskEntry, type Rule } from '#core/policy/policy.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { operationOf, pairOf, ruleOf } from './build.ts';

/** Duties and operations over a world so small that about half of what is asked is allowed. */
const EFFECTS = ['read', 'insert', 'delete', 'execute', 'session'] as const;
const OBJECTS = ['-', 'public.t', 'public.u', 'audit.t', '@pg_catalog.pg_class', 'public.f()', '=work_mem', 'schema:public', '?'];

export const OPERATION = fc
  .record({
    pairs: fc.array(
      fc
        .tuple(fc.constantFrom(...EFFECTS, 'unknown'), fc.constantFrom(...OBJECTS))
        .map(([effect, object]) => pairOf(`${effect} ${object}`)),
      { maxLength: 3 },
    ),
    target: fc.constantFrom('db', 'other'),
    database: fc.constantFrom('shop', 'stock'),
  })
  .map(({ pairs, target, database }) => operationOf(pairs, target, database));

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const RULE = fc
  .record({
    on: fc.constantFrom(['db'], ['*']),
    effects: optional(fc.uniqueArray(fc.constantFrom(...EFFECTS), { minLength: 1 })),
    relations: optional(fc.constantFrom(['public.*'], ['*.*', '!public.u'], ['audit.*'])),
    functions: optional(fc.constantFrom(['public.f'], ['*.g'])),
    databases: optional(fc.constantFrom(['shop'], ['*'])),
    reason: optional(fc.constant('words')),
  })
  .map((parts) => (id: string): Rule => {
    const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
    return ruleOf({ id, ...given });
  });

const MASK = fc
  .record({
    on: fc.constantFrom(['db'], ['*']),
    with: fc.constantFrom(...MASK_METHODS),
    what: fc.oneof(
      fc.constantFrom('public.t.email', '*.*.card', 'audit.*.*').map((glob) => ({
        kind: 'columns' as const,
        columns: globList([glob], 'column'),
      })),
      fc
        .uniqueArray(fc.constantFrom(...DETECTORS), { minLength: 1, maxLength: 3 })
        .map((detectors) => ({ kind: 'detect' as const, detectors })),
    ),
  })
  .map(
    (parts) =>
      (id: string): MaskEntry => ({ id, on: globList(parts.on, 'whole'), with: parts.with, what: parts.what }),
  );

const DUTY = fc.record({
  allow: fc.array(RULE, { minLength: 1, maxLength: 6 }),
  deny: fc.array(RULE, { maxLength: 1 }),
  mask: fc.array(MASK, { maxLength: 3 }),
});

/** Some duties of one policy, each with a name of its own. */
export function duties(minLength: number, maxLength: number): fc.Arbitrary<readonly Duty[]> {
  return fc.array(DUTY, { minLength, maxLength }).map((made) =>
    made.map(({ allow, deny, mask }, index): Duty => {
      const name = `duty-${index}`;
      return dutyNamed(name, {
        allow: [...allow.map((rule, at) => rule(`${name}.allow[${at}]`)), ruleOf({ id: `${name}.all`, on: ['db'], effects: ['read'] })],
        deny: deny.map((rule, at) => rule(`${name}.deny[${at}]`)),
        mask: mask.map((entry, at) => entry(`${name}.mask[${at}]`)),
      });
    }),
  );
}
