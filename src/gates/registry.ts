import { createPostgresGate, type PostgresGateSetup } from '#gates/postgres/gate.ts';
import type { Gate } from './gate.ts';

/** What a gate is made from, whatever its protocol. */
export type GateSetup = PostgresGateSetup;

/** One line a protocol: its name in a policy, and what makes its gate. */
const GATES: { readonly [protocol in GateSetup['target']['kind']]: (setup: GateSetup) => Gate } = {
  postgres: createPostgresGate,
};

export function createGate(setup: GateSetup): Gate {
  return GATES[setup.target.kind](setup);
}
