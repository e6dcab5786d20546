import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientScript } from './client-script.ts';
import { ModelServer } from './model-server.ts';
import { type Random, seededRandom } from './random.ts';
import * as wire from './wire.ts';
import { World } from './world.ts';

const RUNS = Number(process.env['SIMULATE_RUNS'] ?? 3_000);
const FIRST_SEED = Number(process.env['SIMULATE_SEED'] ?? 1);
const UNITS = 12;
const TICKS_MAX = 20_000;

describe('a whole session in the simulator', () => {
  it('looks to the client like a server that refuses by itself, in every interleaving', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) compareWithOracle(seed);
  });

  it('records one decision before each execution and one outcome after it, though peers are cut off anywhere', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) cutSomewhere(seed);
  });

  it('never executes without a decision, nor forgets an outcome, whatever a hostile server answers', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) faceLies(seed);
  });
});

function faceLies(seed: number): void {
  const random = seededRandom(seed + 0.75);
  const server = new ModelServer(() => false);
  const world = play(random, clientScript(seededRandom(seed), UNITS), server, TICKS_MAX, 0.1);
  world.cut();
  while (world.tick());
  checkAudit(world, server, `seed ${seed}`);
}

function compareWithOracle(seed: number): void {
  const script = clientScript(seededRandom(seed), UNITS);
  const oracle = new ModelServer((sql) => sql.startsWith('DROP'));
  const expected = script.flatMap((chunk) => [...wire.messages(chunk)].flatMap(({ type, body }) => oracle.receive(type, body)));
  const server = new ModelServer(() => false);
  const world = play(seededRandom(seed + 0.5), script, server, TICKS_MAX);
  const note = `seed ${seed}: SIMULATE_SEED=${seed} SIMULATE_RUNS=1`;
  assert.equal(world.closed, false, note);
  assert.deepEqual(visible(world.toClient), visible(expected), note);
  assert.deepEqual(server.committed, oracle.committed, note);
  assert.ok(!server.executed.some((sql) => sql.startsWith('DROP')), note);
  checkAudit(world, server, note);
}

function cutSomewhere(seed: number): void {
  const random = seededRandom(seed + 0.25);
  const server = new ModelServer(() => false);
  const world = play(random, clientScript(seededRandom(seed), UNITS), server, random.below(60));
  world.cut();
  while (world.tick());
  checkAudit(world, server, `seed ${seed}`);
}

/** Sends chunk by chunk while the world turns; at most `ticksMax` turns. */
function play(random: Random, script: readonly Buffer[], server: ModelServer, ticksMax: number, lies = 0): World {
  const world = new World(random, server, lies);
  const waiting = [...script];
  for (let ticks = 0; ticks < ticksMax; ticks++) {
    if (waiting.length > 0 && !world.held && !world.closed && random.chance(0.5)) {
      const chunk = waiting.shift();
      if (chunk !== undefined) world.send(chunk);
    } else if (!world.tick() && (waiting.length === 0 || world.closed)) break;
  }
  return world;
}

/** Types in order, the status of each ReadyForQuery; which error it is may differ. */
function visible(frames: readonly Buffer[]): string[] {
  return [...wire.messages(Buffer.concat(frames))].map(({ type, body }) => (type === 'Z' ? `Z${body.toString('latin1')}` : type));
}

function checkAudit(world: World, server: ModelServer, note: string): void {
  const allowed = world.audit
    .filter((entry) => entry.kind === 'decision' && entry.outcome === 'allow')
    .map((entry) => ('decision' in entry ? entry.decision : ''));
  const outcomes = world.audit.filter((entry) => entry.kind === 'outcome').map((entry) => ('decision' in entry ? entry.decision : ''));
  assert.deepEqual([...outcomes].sort(), [...allowed].sort(), `${note}: one outcome for each allowed decision`);
  assert.ok(server.executed.length <= allowed.length, `${note}: ${server.executed.length} executions, ${allowed.length} decisions`);
  const refused = world.audit.filter((entry) => entry.kind === 'decision' && entry.outcome !== 'allow');
  for (const entry of refused) assert.ok(entry.kind === 'decision' && entry.reasons.length > 0, note);
}
