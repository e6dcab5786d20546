/** Measures one path once: a rate, higher is better. */
export type Measure = (path: string) => Promise<number>;

export type Summary = {
  readonly path: string;
  readonly median: number;
  /** Of the round's rate on this path to the same round's rate on the first path. */
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
};

/**
 * Measures each path once a round, so that whatever slows this machine slows all of them, and compares within the round.
 * Each round begins with another path: none is always the one that finds warm caches.
 */
export async function pairedRounds(paths: readonly string[], rounds: number, measure: Measure): Promise<readonly Summary[]> {
  const rates = new Map<string, number[]>(paths.map((path) => [path, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % paths.length;
    for (const path of [...paths.slice(first), ...paths.slice(0, first)]) rates.get(path)?.push(await measure(path));
  }
  return summarise(paths, rates);
}

function summarise(paths: readonly string[], rates: ReadonlyMap<string, readonly number[]>): readonly Summary[] {
  const reference = rates.get(paths[0] ?? '') ?? [];
  return paths.map((path) => {
    const own = rates.get(path) ?? [];
    const ratios = own.map((rate, round) => rate / (reference[round] ?? Number.NaN));
    return {
      path,
      median: quantile(own, 0.5),
      ratio: { median: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) },
    };
  });
}

/** Between two values: linearly. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
