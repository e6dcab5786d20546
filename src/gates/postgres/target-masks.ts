import { maskDetected } from '#core/masking/detect.ts';
import { maskDetectedField, maskField } from '#core/masking/mask-bytes.ts';
import type { EffectiveDuty, Right } from '#core/policy/effective-duty.ts';
import { columnMasks, type DetectorMask, detectorsFor, hasColumnMasks } from '#core/policy/masks.ts';
import type { MaskMethod } from '#core/policy/policy.ts';
import type { ResolvedRelation } from '#core/sql/resolve.ts';
import type { TargetMasks } from './judge.ts';
import type { RowMasks } from './rows.ts';

export type GateMasks = {
  readonly masks: TargetMasks & RowMasks;
  /** Statement or parameter text as people may see it (P7). */
  readonly forPeople: (text: string) => string;
};

/** What one effective duty masks of the target. */
type Plan = {
  readonly under: EffectiveDuty;
  readonly masksColumns: boolean;
  readonly detectors: readonly DetectorMask[];
  readonly columns: WeakMap<ResolvedRelation, ReadonlyMap<number, MaskMethod>>;
};

/**
 * Binds the masks of a right to a target. Everything computed once is kept: this is on the way of every row. When the right
 * is narrowed, masks only come on top (P3), from the next value on; `generation` tells what was judged before.
 */
export function createGateMasks(right: Right, target: string, maskKey: Buffer): GateMasks {
  let known = planOf(right.current(), target);
  let generation = 0;
  const now = (): Plan => {
    const under = right.current();
    if (under !== known.under) {
      known = planOf(under, target);
      generation += 1;
    }
    return known;
  };
  return {
    forPeople(text) {
      const { detectors } = now();
      return detectors.length === 0 ? text : maskDetected(text, detectors, maskKey).text;
    },
    masks: {
      get generation() {
        now();
        return generation;
      },
      get masksColumns() {
        return now().masksColumns;
      },
      get detects() {
        return now().detectors.length > 0;
      },
      columnsOf: (relation) => columnsOf(now(), target, relation),
      maskField: (method, typeOid, format, value) => maskField(method, typeOid, format, value, maskKey),
      maskDetected: (typeOid, format, value) => maskDetectedField(typeOid, format, value, now().detectors, maskKey),
    },
  };
}

function planOf(under: EffectiveDuty, target: string): Plan {
  return { under, masksColumns: hasColumnMasks(under, target), detectors: detectorsFor(under, target), columns: new WeakMap() };
}

function columnsOf({ under, columns }: Plan, target: string, relation: ResolvedRelation): ReadonlyMap<number, MaskMethod> {
  const known = columns.get(relation);
  if (known !== undefined) return known;
  const masked = new Map([...columnMasks(under, target, relation)].map(([attnum, plan]) => [attnum, plan.method]));
  columns.set(relation, masked);
  return masked;
}
