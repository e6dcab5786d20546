import type { Decision } from '#core/operation/decision.ts';
import type { Operation } from '#core/operation/operation.ts';
import type { Refusal } from '#core/operation/refusal.ts';
import type { JudgementRequest } from '#core/operation/request.ts';
import type { MaskMethod } from '#core/policy/policy.ts';
import type { Barrier, StatementFacts, Unreadable } from '#core/sql/facts.ts';
import type { ConversationEffect } from '#gates/gate.ts';
import type { Clearance } from '#session/guard.ts';
import { sync } from './encode.ts';
import { type Expectation, Expectations, type Form, type Run } from './expectations.ts';
import { type Judged, judgeFacts, type Objection, type TargetMasks } from './judge.ts';
import type { NameChange } from './name-table.ts';
import { NameCache } from './names.ts';
import { standIn } from './refusal-frames.ts';
import { ResponseRanges } from './response-ranges.ts';
import type { RowMasks } from './rows.ts';
import { Statements } from './statements.ts';

/** What a conversation is told about its target and session. All of it is decided before the first statement. */
export type ConversationSetup = {
  readonly target: string;
  readonly database: string;
  classify(text: Buffer, encoding: SessionEncoding): StatementFacts | Unreadable;
  readonly masks: TargetMasks & RowMasks;
  /** Statement or parameter text as people may see it: detectors of the duty applied (P7). */
  readonly forPeople: (text: string) => string;
  readonly preview: (operation: Operation) => Decision;
  readonly inert: Clearance;
  /** Shared by all conversations with the target: rises when one of them changed what names mean. */
  readonly targetEpoch: { value: number };
  /** Whether anything is kept of responses. */
  readonly keepsResponses: boolean;
  /** As the server reported at start (ParameterStatus). */
  readonly encoding: SessionEncoding;
};

export type SessionEncoding = { clientEncoding: string; standardConformingStrings: 'on' | 'off' | 'unknown' };

const EMPTY = Buffer.alloc(0);

/** Something to be sent upstream, in its place; it may still have to be cleared. */
type OutboxItem = {
  frames: Buffer;
  expect: readonly Expectation[];
  readonly ask: number | null;
  readonly run: Run | null;
  readonly form: Form;
  /** What refusing it does to a name. */
  readonly change: NameChange | null;
  clearance: Clearance | null;
};

/**
 * The state of one conversation, and the few moves that change it. The rules of the protocol are in client-frames.ts
 * and server-frames.ts; everything they do to the world goes through here, in order.
 */
export class Machine {
  readonly setup: ConversationSetup;
  readonly names = new NameCache();
  readonly statements = new Statements();
  readonly expectations = new Expectations();
  readonly encoding: SessionEncoding;
  /** Every relation that a statement of this connection was judged with. Grows by what is named: bounded by the catalog. */
  readonly maskedRelations = new Map<number, ReadonlyMap<number, MaskMethod>>();
  /** Extended messages were sent since the last Sync. */
  unsynced = false;
  /** Counts Syncs: messages up to one Sync stand or fall together. */
  unit = 0;
  /** An extended message was refused: up to the next Sync the server passes over everything, and so nobody need look at it. */
  unitRefused = false;
  /** A cleared COPY FROM STDIN is on its way or running: its data frames pass. */
  copyIn = false;
  /** Something in this transaction changed what names mean: nothing is remembered until it has ended. */
  unsettled = false;
  closed = false;
  #effects: ConversationEffect[] = [];
  readonly #responses = new ResponseRanges();
  #outbox: OutboxItem[] = [];
  #nextAsk = 0;
  #askedInStep = false;
  #seenTargetEpoch: number;
  readonly #judged = new WeakMap<object, Judged>();
  /** Why no further client frame is looked at, and what happens once it may be. */
  #stall: { readonly until: 'resumed' | 'drained'; readonly then: () => void } | null = null;

  constructor(setup: ConversationSetup) {
    this.setup = setup;
    this.encoding = { ...setup.encoding };
    this.#seenTargetEpoch = setup.targetEpoch.value;
  }

  get stalled(): boolean {
    return this.#stall !== null;
  }

  get outboxSize(): number {
    return this.#outbox.length;
  }

  takeEffects(): readonly ConversationEffect[] {
    this.#push(this.#responses.take());
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  effect(effect: ConversationEffect): void {
    this.#effects.push(effect);
  }

  /** A range of `frames` is of this run's response, as the client gets it. */
  respond(run: Run, frames: Buffer, start: number, end: number): void {
    if (this.setup.keepsResponses) this.#push(this.#responses.add(run, frames, start, end));
  }

  #push(effect: ConversationEffect | null): void {
    if (effect !== null) this.#effects.push(effect);
  }

  /** Puts frames that execute nothing in line. */
  send(frames: Buffer, expect: readonly Expectation[] = []): void {
    this.unsynced ||= expect.some(
      (item) => item.kind === 'parse' || item.kind === 'bind' || item.kind === 'describe' || item.kind === 'close',
    );
    this.#outbox.push({ frames, expect, ask: null, run: null, form: 'extended', change: null, clearance: this.setup.inert });
  }

  /** Puts frames in line that go only when the guard has cleared `request`; refused, a stand-in that fails goes in their place. */
  sendWhenCleared(request: JudgementRequest, form: Form, frames: Buffer, expect: readonly Expectation[], run: Run | null = null): void {
    const ask = this.#nextAsk++;
    this.#askedInStep = true;
    this.unsynced ||= form !== 'simple';
    const change = form === 'unnamed-parse' ? this.statements.prepared.change('', null, this.unit) : null;
    this.#outbox.push({ frames, expect, ask, run, form, change, clearance: null });
    this.effect({ kind: 'ask', ask, request });
  }

  /** Has a request recorded that is bound to be refused, in its place. */
  sendRefused(request: JudgementRequest, form: Form): void {
    this.unitRefused ||= form !== 'simple';
    this.sendWhenCleared(request, form, EMPTY, []);
  }

  /** The same for one that nobody can judge. */
  refuse(form: Form, statement: string, { why, remedy }: Objection): void {
    this.sendRefused({ kind: 'unjudgeable', target: this.setup.target, statement, why, remedy }, form);
  }

  /** Ends what the client left open: its next answer is a ReadyForQuery. */
  endPipeline(): void {
    this.endUnit();
    this.send(sync(), [{ kind: 'sync' }]);
  }

  endUnit(): void {
    this.unsynced = false;
    this.unitRefused = false;
    this.unit += 1;
  }

  cleared(ask: number, decisionId: string, clearance: Clearance): void {
    const item = this.#outbox.find((candidate) => candidate.ask === ask);
    if (item === undefined) {
      this.effect({ kind: 'outcome', decisionId, outcome: { status: 'cut', code: null, rows: 0, bytes: 0, masked: 0 } });
      return;
    }
    if (item.run !== null) item.run.decisionId = decisionId;
    item.clearance = clearance;
  }

  refused(ask: number, refusal: Refusal): void {
    const item = this.#outbox.find((candidate) => candidate.ask === ask);
    if (item === undefined) return;
    item.frames = standIn(item.form);
    item.expect = [{ kind: 'refusal', refusal, form: item.form, change: item.change }];
    item.clearance = this.setup.inert;
  }

  /**
   * Sends what is cleared, up to the first that is not: order is never changed. What stands before an ask of this very step
   * waits with it: the answer comes within the turn, and the server is woken once, not twice.
   */
  endStep(): void {
    const waits = this.#askedInStep;
    this.#askedInStep = false;
    if (!waits) this.#flush();
  }

  #flush(): void {
    for (let item = this.#outbox[0]; item?.clearance; item = this.#outbox[0]) {
      this.#outbox.shift();
      this.effect({ kind: 'send-upstream', frames: item.frames, clearance: item.clearance });
      for (const expectation of item.expect) if (!this.expectations.push(expectation)) this.drop(expectation);
    }
  }

  /** The server passed over this message: as if it had never been sent. */
  drop(expectation: Expectation): void {
    switch (expectation.kind) {
      case 'parse':
      case 'bind':
      case 'close':
        expectation.change.undo();
        return;
      case 'execute':
      case 'simple':
        this.finish(expectation.run, 'skipped');
        return;
      case 'look-up':
        expectation.state = 'skipped';
        this.resume();
        return;
      case 'refusal':
        expectation.change?.undo();
        return;
      case 'describe':
      case 'sync':
        return;
    }
  }

  finish(run: Run, status: 'ok' | 'error' | 'suspended' | 'skipped' | 'cut'): void {
    const { decisionId, code, rows, bytes, masked } = run;
    this.#push(this.#responses.take());
    this.effect({ kind: 'outcome', decisionId, outcome: { status, code, rows, bytes, masked } });
    if (run.changesNames) this.setup.targetEpoch.value += 1;
  }

  /** Looks at no further client frame until `resume` (a look-up's answer) or until nothing is owed any more. */
  stall(until: 'resumed' | 'drained', then: () => void): void {
    this.#stall = { until, then };
    this.effect({ kind: 'hold-client', held: true });
  }

  resume(): void {
    const stall = this.#stall;
    if (stall === null) return;
    this.#stall = null;
    this.effect({ kind: 'hold-client', held: false });
    stall.then();
  }

  /** A stall may end because everything owed has come. */
  resumeIfDrained(): boolean {
    if (this.#stall?.until !== 'drained' || this.expectations.size > 0 || this.#outbox.length > 0) return false;
    this.resume();
    return true;
  }

  /** The strongest of the facts' own barrier and those of all that they run by name. */
  barrierOf(facts: StatementFacts): Barrier {
    const { executes, fetches } = facts.cursors;
    if (executes.length + fetches.length === 0) return facts.barrier;
    const barriers = [facts, ...[...executes, ...fetches].flatMap((name) => this.statements.meaningsOf(name))].map(
      ({ barrier }) => barrier,
    );
    return barriers.includes('state') ? 'state' : barriers.includes('names') ? 'names' : 'none';
  }

  /** What the facts do, by the names as they are known now. */
  judge(involved: readonly StatementFacts[]): Judged {
    const only = involved.length === 1 ? involved[0]?.shape : undefined;
    const known = only === undefined ? undefined : this.#judged.get(only);
    if (known !== undefined && this.isCurrent(known)) return known;
    const judged = judgeFacts(involved, this.names.known(), this.setup.masks, this.names.epoch);
    if (only !== undefined) this.#judged.set(only, judged);
    for (const { oid, columns } of judged.resolved) this.maskedRelations.set(oid, columns);
    return judged;
  }

  /** Whether it would be judged the same way now: names may mean something else, and masks may have come on top (R26). */
  isCurrent({ epoch, generation }: Judged): boolean {
    return epoch === this.names.epoch && generation === this.setup.masks.generation;
  }

  /** Before names are used: forgets what may have changed meanwhile (R31, R32). */
  settleNames(): void {
    const current = this.setup.targetEpoch.value;
    if (this.unsettled || current !== this.#seenTargetEpoch) this.names.forget();
    this.#seenTargetEpoch = current;
  }

  /** Ends the conversation; whatever was running is recorded as cut off. */
  close(why: string | null): void {
    if (this.closed) return;
    this.closed = true;
    this.#outbox = [];
    this.#stall = null;
    for (const item of this.expectations.skipToSync()) this.#cut(item);
    for (let item = this.expectations.pop(); item !== undefined; item = this.expectations.pop()) this.#cut(item);
    this.effect({ kind: 'close', why });
  }

  #cut(item: Expectation): void {
    if (item.kind === 'execute' || item.kind === 'simple') this.finish(item.run, 'cut');
  }
}
