import type { Random } from './random.ts';
import * as wire from './wire.ts';

/** What a client sends, a list of chunks of whole messages. It never waits for answers: everything is pipelined. */
export function clientScript(random: Random, units: number): Buffer[] {
  return Array.from({ length: units }, () => (random.chance(0.4) ? simple(random) : pipeline(random)));
}

const STATEMENTS = [
  'SELECT things',
  'SELECT things names',
  'INSERT things',
  'INSERT things state',
  'DROP things',
  'FAIL things',
  'FAIL names',
  'garbage',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
];
const NAMES = ['', 'a', 'b'];

function simple(random: Random): Buffer {
  return wire.message('Q', wire.zeroTerminated(random.pick(STATEMENTS)));
}

/** Any order of extended messages is legal to send; most of these make sense, some do not. */
function pipeline(random: Random): Buffer {
  const messages: Buffer[] = [];
  for (let count = 1 + random.below(3); count > 0; count--) messages.push(...execution(random));
  if (random.chance(0.1)) messages.push(simple(random));
  if (random.chance(0.9)) messages.push(wire.message('S'));
  return Buffer.concat(messages);
}

function execution(random: Random): Buffer[] {
  const statement = random.pick(NAMES);
  const portal = random.pick(NAMES);
  return [
    ...(random.chance(0.15) ? [wire.message('C', Buffer.concat([Buffer.from('S'), wire.zeroTerminated(statement)]))] : []),
    ...(random.chance(0.8) ? [wire.message('P', Buffer.concat([wire.zeroTerminated(statement, random.pick(STATEMENTS)), NONE]))] : []),
    ...(random.chance(0.9) ? [wire.message('B', Buffer.concat([wire.zeroTerminated(portal, statement), NONE, NONE, NONE]))] : []),
    ...(random.chance(0.4) ? [wire.message('D', Buffer.concat([Buffer.from('P'), wire.zeroTerminated(portal)]))] : []),
    ...(random.chance(0.2) ? [wire.message('H')] : []),
    ...(random.chance(0.9) ? [wire.message('E', Buffer.concat([wire.zeroTerminated(portal), Buffer.alloc(4)]))] : []),
  ];
}

/** An Int16 of zero: no parameter types, formats, values. */
const NONE = Buffer.from([0, 0]);
