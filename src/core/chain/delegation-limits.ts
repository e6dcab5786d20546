/** How far delegation goes. */
export type DelegationLimits = {
  /** Links of a chain, the job's among them. */
  readonly depth: number;
  /** Commands that one command has delegated to and that have not ended. */
  readonly children: number;
};

export const DELEGATION_LIMITS: DelegationLimits = { depth: 5, children: 50 };

/** In words why one more may not be started, or null. `chain`: links of the parent's chain; `children`: those that run. */
export function delegationFault(limits: DelegationLimits, parent: { readonly chain: number; readonly children: number }): string | null {
  if (parent.chain + 1 > limits.depth) {
    return `the chain would have ${parent.chain + 1} links, expected at most ${limits.depth} (limits.depth)`;
  }
  if (parent.children + 1 > limits.children) {
    return `${parent.children} commands run that were delegated to from here, expected fewer than ${limits.children} (limits.children)`;
  }
  return null;
}
