const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^([1-9][0-9]{0,5})([smhd])$/;

/** `90s`, `30m`, `6h`, `30d` in milliseconds; null for what is none. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = PATTERN.exec(text) ?? [];
  return count === undefined ? null : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]; // the pattern has no other
}
