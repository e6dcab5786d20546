export type RateLimits = {
  /** What this caller has left, without taking of it. */
  state(caller: string): RateState;
  /** Takes one; false: there is none left. */
  take(caller: string): boolean;
  /** A question that turned out to be free. */
  giveBack(caller: string): void;
};

export type RateState = { readonly limit: number; readonly used: number; readonly remaining: number; readonly reset: number };

const WINDOW_MS = 60 * 60_000;

/** Of questions in an hour: one count for each repository's jobs, all of them together. */
export function createRateLimits(limit: number, nowMs: () => number): RateLimits {
  const windows = new Map<string, { endMs: number; used: number }>();
  const current = (caller: string) => {
    const known = windows.get(caller);
    if (known !== undefined && known.endMs > nowMs()) return known;
    const fresh = { endMs: nowMs() + WINDOW_MS, used: 0 };
    windows.set(caller, fresh);
    return fresh;
  };
  return {
    state(caller) {
      const { endMs, used } = current(caller);
      return { limit, used, remaining: limit - used, reset: Math.ceil(endMs / 1000) };
    },
    take(caller) {
      const window = current(caller);
      if (window.used >= limit) return false;
      window.used += 1;
      return true;
    },
    giveBack(caller) {
      current(caller).used -= 1;
    },
  };
}
