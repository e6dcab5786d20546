import type { Duty } from '#core/policy/policy.ts';
import type { StatementFacts, Unreadable } from '#core/sql/facts.ts';
import type { ConversationSetup } from '#gates/postgres/machine.ts';

/** A target without masks. */
export const NO_MASKS: ConversationSetup['masks'] = {
  generation: 0,
  masksColumns: false,
  detects: false,
  columnsOf: () => new Map(),
  maskField: (_method, _type, _format, value) => value,
  maskDetected: (_type, _format, value) => value,
};

/** Reads and writes things; drops nothing. */
export const KEEPER: Duty = {
  name: 'keeper',
  allow: [
    {
      id: 'keeper.allow[0]',
      on: { include: [['*']], exclude: [] },
      effects: new Set(['read', 'insert']),
      relations: null,
      functions: null,
      databases: null,
      reason: null,
    },
  ],
  deny: [],
  mask: [],
  operationsMax: null,
};

const facts = new Map<string, StatementFacts>();

/** The vocabulary of the simulated clients, classified as the real classifier would. Shared by text, as its cache does. */
export function factsOf(sql: string): StatementFacts | Unreadable {
  if (sql.startsWith('garbage')) return { kind: 'unreadable', why: 'syntax error', remedy: '' };
  const known = facts.get(sql);
  if (known !== undefined) return known;
  const made = makeFacts(sql);
  facts.set(sql, made);
  return made;
}

function makeFacts(sql: string): StatementFacts {
  const effect = sql.startsWith('DROP') ? 'drop' : sql.startsWith('INSERT') ? 'insert' : 'read';
  const control = sql === 'BEGIN' ? 'begin' : sql === 'COMMIT' ? 'commit' : sql === 'ROLLBACK' ? 'rollback' : null;
  return {
    shape: {},
    tags: [sql.split(' ')[0] ?? ''],
    relations: control === null ? [{ effect, relation: { schema: null, name: 'things' } }] : [],
    objects: [],
    functionNames: [],
    operatorNames: [],
    unknown: [],
    columns: { elsewhere: new Set(), everyColumnElsewhere: false },
    transaction: control === null ? [] : [control],
    barrier: sql.startsWith('FAIL names') || sql.endsWith('names') ? 'names' : sql.endsWith('state') ? 'state' : 'none',
    cursors: { prepares: [], executes: [], declares: [], fetches: [] },
    copy: null,
    literals: [],
    literalSensitive: false,
  };
}
