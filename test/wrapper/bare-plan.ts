import { bareCage } from '#wrapper/bare-cage.ts';
import type { WrapHooks, WrapPlan } from '#wrapper/plan.ts';

/** Of a command that does nothing, for whom nothing is recorded: what making a cage asks of a plan. */
export function barePlan(sessionFolder: string, hooks: Partial<WrapHooks> = {}): WrapPlan {
  return {
    ...{ argv: ['true'], cwd: '/', environment: [], shared: null, within: null, graceMs: 1000 },
    cage: bareCage({ sessionFolder, resolvers: [], ca: '' }),
    hooks: { enterCage: async () => undefined, escapesTried: async () => undefined, gatewayLost: new Promise(() => undefined), ...hooks },
    terminal: { interactive: false },
  } as unknown as WrapPlan;
}
