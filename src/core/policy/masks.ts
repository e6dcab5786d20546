import { matchesGlobs } from './glob.ts';
import type { DetectorName, MaskEntry, MaskMethod } from './policy.ts';

/** Which masks a duty, or several at once, lay on a target. Masks of every matching entry apply together. */
export type Masking = { readonly mask: readonly MaskEntry[] };

export type MaskPlan = { readonly method: MaskMethod /** Mask entries that matched, sorted. */; readonly rules: readonly string[] };

export type MaskedRelation = {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly attnum: number; readonly name: string }[];
};

/** Masked attributes of one relation, by attribute number. */
export function columnMasks(duty: Masking, target: string, relation: MaskedRelation): ReadonlyMap<number, MaskPlan> {
  const entries = entriesOn(duty, target);
  const plans = new Map<number, MaskPlan>();
  for (const column of relation.columns) {
    const path = [relation.schema, relation.name, column.name];
    const matching = entries.filter(({ what }) => what.kind === 'columns' && matchesGlobs(what.columns, path));
    const plan = planOf(matching);
    if (plan !== null) plans.set(column.attnum, plan);
  }
  return plans;
}

/** False when no column of the target can be masked, so that nothing need be looked at. */
export function hasColumnMasks(duty: Masking, target: string): boolean {
  return entriesOn(duty, target).some(({ what }) => what.kind === 'columns');
}

export type DetectorMask = MaskPlan & { readonly detector: DetectorName };

/** Detectors to run over what comes from a target, each once, sorted by name. */
export function detectorsFor(duty: Masking, target: string): readonly DetectorMask[] {
  const byDetector = new Map<DetectorName, MaskEntry[]>();
  for (const entry of entriesOn(duty, target)) {
    if (entry.what.kind !== 'detect') continue;
    for (const detector of entry.what.detectors) byDetector.set(detector, [...(byDetector.get(detector) ?? []), entry]);
  }
  return [...byDetector]
    .flatMap(([detector, entries]) => {
      const plan = planOf(entries);
      return plan === null ? [] : [{ detector, ...plan }];
    })
    .sort((a, b) => (a.detector < b.detector ? -1 : 1));
}

/** Strictest first: what shows least of the value. Of several entries on one value, the strictest decides. */
const STRICTEST_FIRST: readonly MaskMethod[] = ['null', 'redact', 'fixed', 'hash', 'partial'];

export function strictest(methods: readonly MaskMethod[]): MaskMethod | null {
  return STRICTEST_FIRST.find((method) => methods.includes(method)) ?? null;
}

function planOf(entries: readonly MaskEntry[]): MaskPlan | null {
  const method = strictest(entries.map((entry) => entry.with));
  return method === null ? null : { method, rules: [...new Set(entries.map((entry) => entry.id))].sort() };
}

function entriesOn(duty: Masking, target: string): readonly MaskEntry[] {
  return duty.mask.filter((entry) => matchesGlobs(entry.on, [target]));
}
