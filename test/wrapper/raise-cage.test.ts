import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { openTerminal } from '#wrapper/pty.ts';
import { type CageRecipe, raiseCage } from '#wrapper/raise-cage.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';
import { barePlan } from './bare-plan.ts';

const never = new Promise<never>(() => undefined);

const making = { tools: findTools(TOOL_FOLDERS), entrance: 'user-namespace', lost: never, interrupted: never, lifeline: null } as const;
const SAYS = 'echo "@network 1 42" >&2; echo "@mount + 1 0 8:1" >&2; echo "@ready" >&2; read -u 2 word; ';

for (const [name, script, faults, says] of [
  ['its program fails', 'echo "@fail network" >&2; exit 125', [], /the step "network" failed/],
  ['a mount is not as planned', `${SAYS} sleep 1000`, ['/etc is not ro', '/x'], /Cannot close the cage: \/etc is not ro; \/x/],
  ['it has not tried its escapes', `${SAYS} echo "@probed" >&2; read -u 2 word`, [], /was not tried/],
] as const) {
  test(`P8 raiseCage() raises none when ${name}, and removes what was handed over`, async (t) => {
    const terminal = openTerminal(80, 24);
    t.after(terminal.close);
    const unlinked: string[] = [];
    const recipe: CageRecipe = {
      command: ['/usr/bin/bash', '-c', script],
      start: '/s',
      baits: { records: [], close: () => undefined },
      faults: () => faults,
      unlink: () => void unlinked.push('once'),
    };
    await assert.rejects(raiseCage(barePlan(temporaryFolder(t)), terminal, making, recipe), { message: says });
    assert.deepEqual(unlinked, ['once']);
  });
}
