import type { Path } from './problems.ts';

/** Reads plain data of which nothing is known: what has another shape than asked for is simply not there. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export type PlacedText = { readonly text: string; readonly path: Path };

/** The texts of a list, or a single one, each with its path. */
export function textsOf(value: unknown, path: Path): readonly PlacedText[] {
  if (typeof value === 'string') return [{ text: value, path }];
  return itemsOf(value).flatMap((item, index) => (typeof item === 'string' ? [{ text: item, path: [...path, index] }] : []));
}
