import type { StatementFacts } from '#core/sql/facts.ts';

/** Facts of a statement that does nothing, but for what is given. */
export function factsOf(some: Partial<StatementFacts>): StatementFacts {
  return {
    shape: {},
    tags: ['SELECT'],
    relations: [],
    objects: [],
    functionNames: [],
    operatorNames: [],
    unknown: [],
    columns: { elsewhere: new Set(), everyColumnElsewhere: false },
    transaction: [],
    barrier: 'none',
    cursors: { prepares: [], executes: [], declares: [], fetches: [] },
    copy: null,
    literals: [],
    literalSensitive: false,
    ...some,
  };
}
