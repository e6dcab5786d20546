import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Refusal } from '#core/operation/refusal.ts';
import type { JudgementRequest } from '#core/operation/request.ts';
import type { Conversation, ConversationEffect } from '#gates/gate.ts';
import type { Clearance } from '#session/guard.ts';

/** What a protocol brings to the suite. Every gate passes all of it. */
export type ConformanceSubject = {
  readonly conversation: Conversation;
  /** Minted by a real guard: the suite makes none. */
  readonly clearance: Clearance;
  /** Frames of one operation that executes something, and the bytes by which it would be known upstream. */
  operation(index: number): { readonly frames: Buffer; readonly mark: Buffer };
  /** A request that nobody can judge, in well-formed frames. */
  unjudgeable(): Buffer;
  /** What a working server answers to frames it was sent. */
  serve(frames: Buffer): Buffer;
  /** Whether frames for the client hold an error, and whether they hold a result. */
  isError(frames: Buffer): boolean;
  isResult(frames: Buffer): boolean;
};

const OPERATIONS = 5;

export function describeGateConformance(name: string, make: () => ConformanceSubject): void {
  describe(`${name} conversation keeps the gates' contract`, () => {
    it('sends nothing of an operation upstream before it is cleared (P1)', () => {
      const driver = new Driver(make());
      const { frames, mark } = driver.subject.operation(0);
      driver.client(frames);
      driver.settle({ answers: false });
      assert.equal(driver.asks.length, 1);
      assert.ok(!driver.upstream().includes(mark));
      driver.settle({ answers: true });
      assert.ok(driver.upstream().includes(mark));
      assert.ok(driver.subject.isResult(driver.toClient()));
    });

    it('never sends a refused operation, answers it with an error, and goes on (P10)', () => {
      const driver = new Driver(make(), (index) => index === 0);
      const [refused, allowed] = [driver.subject.operation(0), driver.subject.operation(1)];
      driver.client(refused.frames);
      driver.settle({ answers: true });
      assert.ok(driver.subject.isError(driver.toClient()));
      driver.client(allowed.frames);
      driver.settle({ answers: true });
      assert.ok(!driver.upstream().includes(refused.mark));
      assert.ok(driver.upstream().includes(allowed.mark));
      assert.ok(driver.subject.isResult(driver.toClient()));
      assert.equal(driver.closed, false);
    });

    it('asks about what nobody can judge as such, and sends none of it (P2)', () => {
      const driver = new Driver(make(), () => true);
      driver.client(driver.subject.unjudgeable());
      driver.settle({ answers: true });
      assert.deepEqual(
        driver.asked.map((request) => request.kind),
        ['unjudgeable'],
      );
      assert.ok(driver.subject.isError(driver.toClient()));
      assert.equal(driver.closed, false);
    });

    it('keeps the order of operations that were sent at once', () => {
      const driver = new Driver(make());
      const operations = Array.from({ length: OPERATIONS }, (_, index) => driver.subject.operation(index));
      driver.client(Buffer.concat(operations.map(({ frames }) => frames)));
      driver.settle({ answers: true });
      const places = operations.map(({ mark }) => driver.upstream().indexOf(mark));
      assert.ok(places.every((place) => place >= 0));
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
      );
    });

    it('gives each cleared operation exactly one outcome, also when a side is cut off at any point', () => {
      for (let steps = 0; steps < 40; steps++) {
        for (const side of ['client', 'server'] as const) {
          const driver = new Driver(make());
          for (let index = 0; index < OPERATIONS; index++) driver.client(driver.subject.operation(index).frames);
          driver.settle({ answers: true, stepsMax: steps });
          driver.cut(side);
          driver.settle({ answers: true });
          assert.deepEqual([...driver.outcomes].sort(), [...driver.clearedIds].sort(), `cut off by the ${side} after ${steps} steps`);
        }
      }
    });

    it('sends nothing upstream once it is closed', () => {
      const driver = new Driver(make());
      const { frames, mark } = driver.subject.operation(0);
      driver.client(frames);
      driver.cut('client');
      driver.settle({ answers: true });
      assert.ok(!driver.upstream().includes(mark));
    });
  });
}

/** Plays everybody around a conversation, one small step at a time. */
class Driver {
  readonly subject: ConformanceSubject;
  readonly asks: number[] = [];
  readonly asked: JudgementRequest[] = [];
  readonly outcomes: string[] = [];
  readonly clearedIds: string[] = [];
  closed = false;
  #held = false;
  readonly #waiting: Buffer[] = [];
  readonly #forServer: Buffer[] = [];
  readonly #sent: Buffer[] = [];
  readonly #received: Buffer[] = [];
  readonly #refuses: (index: number) => boolean;

  constructor(subject: ConformanceSubject, refuses: (index: number) => boolean = () => false) {
    this.subject = subject;
    this.#refuses = refuses;
  }

  client(frames: Buffer): void {
    this.#waiting.push(frames);
    this.#deliver();
  }

  cut(side: 'client' | 'server'): void {
    this.#apply(this.subject.conversation.step({ kind: 'closed', side }));
  }

  upstream(): Buffer {
    return Buffer.concat(this.#sent);
  }

  toClient(): Buffer {
    return Buffer.concat(this.#received);
  }

  /** Goes on until nothing moves: the server serves, the guard answers. */
  settle({ answers, stepsMax = 10_000 }: { answers: boolean; stepsMax?: number }): void {
    for (let steps = 0; steps < stepsMax; steps++) {
      if (!this.#serve() && !(answers && this.#answer()) && !this.#deliver()) return;
    }
  }

  #serve(): boolean {
    const frames = this.#forServer.shift();
    if (frames === undefined || this.closed) return false;
    const answer = this.subject.serve(frames);
    if (answer.length > 0) this.#apply(this.subject.conversation.step({ kind: 'server', frames: answer }));
    return true;
  }

  #answer(): boolean {
    const ask = this.asks.shift();
    if (ask === undefined) return false;
    const decisionId = `decision-${ask}`;
    const request = this.asked[ask];
    if (request?.kind !== 'operation' || this.#refuses(ask)) {
      const refusal: Refusal = { kind: 'unjudgeable', decisionId, duty: 'tester', why: 'the suite says so', remedy: 'none' };
      this.#apply(this.subject.conversation.step({ kind: 'refused', ask, refusal }));
    } else {
      this.clearedIds.push(decisionId);
      this.#apply(this.subject.conversation.step({ kind: 'cleared', ask, decisionId, clearance: this.subject.clearance }));
    }
    return true;
  }

  #deliver(): boolean {
    if (this.#held || this.closed) return false;
    const frames = this.#waiting.shift();
    if (frames === undefined) return false;
    this.#apply(this.subject.conversation.step({ kind: 'client', frames }));
    return true;
  }

  #apply(effects: readonly ConversationEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'ask') {
        this.asks.push(effect.ask);
        this.asked.push(effect.request);
      } else if (effect.kind === 'send-upstream') {
        this.#sent.push(effect.frames);
        this.#forServer.push(effect.frames);
      } else if (effect.kind === 'send-client') this.#received.push(effect.frames);
      else if (effect.kind === 'hold-client') this.#held = effect.held;
      else if (effect.kind === 'outcome') this.outcomes.push(effect.decisionId);
      else this.closed = true;
    }
  }
}
