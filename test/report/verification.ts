import type { Verification } from '#core/verify/verification.ts';

/** A verification that found nothing wrong, and nothing else; or with what else it found. */
export function verificationOf(found: Partial<Verification> = {}): Verification {
  const counts = {
    ...{ entries: 0, allowed: 0, refused: 0, masked: 0, withoutOutcome: 0, connections: 0, connectionsRefused: 0 },
    ...{
      commands: 0,
      delegations: 0,
      agents: 0,
      incidents: 0,
      recordings: 0,
      recordedBytes: 0,
      unknown: 0,
      waiting: 0,
      approved: 0,
      checkpoints: 0,
    },
  };
  const findings = { verdict: 'sealed', anchoring: 'local', session: null, last: '0'.repeat(64), signed: 0, from: null, to: null } as const;
  return { ...findings, counts, problems: [], notes: [], ...found };
}
