/** How far delegation goes. */
export type DelegationLimits = {
  /** How many a chain may have that one started for the other, the job's own commands being the first. Agents do not count. */
  readonly depth: number;
  /** Commands that one command has delegated to and that have not ended. */
  readonly children: number;
};

/** Of a session, whatever it is about. */
export type SessionLimits = DelegationLimits & {
  /** To targets, out of one cage, at once. */
  readonly connections: number;
  /** How long it may last; null: as long as its job. */
  readonly sessionMs: number | null;
};

/** Where the policy says nothing else. */
export const SESSION_LIMITS: SessionLimits = { depth: 5, children: 50, connections: 1000, sessionMs: null };

/** In words why one more may not be started, or null. `parent`: where it stands in its chain, and how many run that it started. */
export function delegationFault(limits: DelegationLimits, parent: { readonly depth: number; readonly children: number }): string | null {
  if (parent.depth + 1 > limits.depth) return `it would be number ${parent.depth + 1} of its chain, expected at most ${limits.depth}`;
  if (parent.children + 1 > limits.children) {
    return `${parent.children} commands run that were started from the same one, expected fewer than ${limits.children}`;
  }
  return null;
}
