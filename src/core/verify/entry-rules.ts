import { isGoodCheckpoint } from '#core/audit/checkpoint.ts';
import type { KnownEntry, ReadEntry } from '#core/audit/entry-schema.ts';
import { ApprovalRules } from './approval-rules.ts';
import { ChainRules } from './chain-rules.ts';
import type { KnownKeys } from './issuer-keys.ts';
import { parseRecordingPath } from './manifest.ts';
import type { Counts, RuleBroken, SessionFacts } from './verification.ts';

/** Allowed operations that may be under way at once, and recorded chunks of a bundle. */
export const OPEN_DECISIONS_MAX = 1_000_000;
export const CHUNKS_MAX = 1_000_000;
/** Commands of one session. */
export const COMMANDS_MAX = 100_000;

/** A range of a recording as the chain names it. */
export type Chunk = { readonly offset: number; readonly bytes: number; readonly sha256: string };

/** What the rules need of an entry: of those that come by the million, the members that decide. */
export type RuleEntry =
  | Exclude<KnownEntry, { kind: 'decision' | 'outcome' }>
  | Pick<Extract<KnownEntry, { kind: 'decision' }>, 'kind' | 'decision' | 'outcome' | 'link' | 'duty'>
  | Pick<Extract<KnownEntry, { kind: 'outcome' }>, 'kind' | 'decision' | 'masked'>;
type RuleRead = { readonly known: true; readonly entry: RuleEntry } | Extract<ReadEntry, { known: false }>;

/** Where a line stands. */
export type Place = { readonly n: number; readonly at: string; readonly prev: string };

/**
 * What entries may say, given those before them: one session entry, first; each decision under all duties that hold for its
 * command; each outcome after its own allowed decision, once; each command started and ended once, and what is of it in between; chunks of a recording end to end; what waits
 * goes on only when approved; checkpoints signed by the evidence key; nothing after a seal, whose counts are the counts.
 * Memory is bounded by what is under way, not by the length of the chain.
 */
export class EntryRules {
  session: SessionFacts | null = null;
  sealed = false;
  /** Lines that the last checkpoint signs. */
  signed = 0;
  readonly approvals: ApprovalRules;
  #chains: ChainRules | null = null;
  readonly chunks = new Map<string, Chunk[]>();
  readonly #open = new Set<string>();
  /** Commands and cages: what they are, while they are there. */
  readonly #links = new Map<string, 'command' | 'cage' | 'ended'>();
  #chunkCount = 0;
  #counts = {
    ...{ entries: 0, allowed: 0, refused: 0, masked: 0, connections: 0, connectionsRefused: 0 },
    ...{ commands: 0, delegations: 0, agents: 0, incidents: 0, checkpoints: 0, unknown: 0 },
  };

  constructor(keys: KnownKeys) {
    this.approvals = new ApprovalRules(keys);
  }

  /** Null when the entry may stand there. */
  take(place: Place, read: RuleRead): RuleBroken | null {
    if (this.sealed) return { code: 'seal', what: 'it comes after the seal' };
    if (place.n === 0 && read.entry.kind !== 'session')
      return { code: 'chain', what: `the first entry is of kind ${read.entry.kind}, expected session` };
    this.#counts.entries += 1;
    if (read.known) return this.#known(place, read.entry);
    this.#counts.unknown += 1;
    return null;
  }

  get counts(): Omit<Counts, 'recordings' | 'recordedBytes'> {
    const { waiting, approved } = this.approvals;
    return { ...this.#counts, withoutOutcome: this.#open.size, waiting, approved };
  }

  #known(place: Place, entry: RuleEntry): RuleBroken | null {
    if (entry.kind === 'session') return this.#session(place, entry);
    // INVARIANT: the first entry is of kind session; see take.
    return this.session === null ? null : this.#ofSession(place, entry, this.session);
  }

  #session({ n }: Place, entry: SessionFacts): RuleBroken | null {
    if (n > 0) return { code: 'chain', what: 'it is a second session entry: a chain has one beginning' };
    this.session = entry;
    this.#chains = new ChainRules(entry);
    return null;
  }

  #ofSession(place: Place, entry: Exclude<RuleEntry, { kind: 'session' }>, session: SessionFacts): RuleBroken | null {
    switch (entry.kind) {
      case 'decision':
        return this.#decision(entry);
      case 'hold':
        return this.approvals.hold(entry, place.at);
      case 'approval':
        return this.approvals.approval(entry, session);
      case 'release':
        return this.#release(entry);
      case 'outcome':
        return this.#outcome(entry);
      case 'connection':
        if (entry.event === 'opened') this.#counts.connections += 1;
        if (entry.event === 'refused') this.#counts.connectionsRefused += 1;
        return this.#ofCommand(entry.link);
      case 'confinement':
        return this.#ofCommand(entry.link);
      case 'cage':
        return this.#cage(entry);
      case 'recording':
        return this.#recording(entry);
      case 'command':
        return this.#command(entry);
      case 'delegation':
        this.#counts.delegations += 1;
        return this.#delegation(entry);
      case 'agent':
        this.#counts.agents += 1;
        return this.#ofCommand(entry.link) ?? this.#chains?.agent(entry) ?? null;
      case 'mint':
      case 'egress':
        return this.#ofCommand(entry.link);
      case 'checkpoint':
        return this.#checkpoint(place, entry, session);
      case 'incident':
        this.#counts.incidents += 1;
        return null;
      case 'seal':
        return this.#seal(place.n, entry);
    }
  }

  #decision({ decision, outcome, link, duty }: Extract<RuleEntry, { kind: 'decision' }>): RuleBroken | null {
    const broken = this.#ofCommand(link) ?? this.#chains?.decision(link, duty) ?? null;
    if (broken !== null) return broken;
    if (this.#open.has(decision) || this.approvals.isWaiting(decision))
      return { code: 'order', what: `decision ${decision} was already made` };
    if (outcome !== 'allow' && outcome !== 'hold') {
      this.#counts.refused += 1;
      return null;
    }
    if (this.#open.size + this.approvals.waiting >= OPEN_DECISIONS_MAX)
      return { code: 'entry', what: `more than ${OPEN_DECISIONS_MAX} operations are under way` };
    if (outcome === 'hold') this.approvals.wait(decision);
    else this.#allow(decision);
    return null;
  }

  #allow(decision: string): void {
    this.#open.add(decision);
    this.#counts.allowed += 1;
  }

  #release(entry: Extract<KnownEntry, { kind: 'release' }>): RuleBroken | null {
    const broken = this.approvals.release(entry);
    if (broken !== null) return broken;
    if (entry.outcome === 'allow') this.#allow(entry.decision);
    else this.#counts.refused += 1;
    return null;
  }

  /** INVARIANT (P1), as far as a reader can see it: nothing has an outcome that was not allowed before. */
  #outcome({ decision, masked }: Extract<RuleEntry, { kind: 'outcome' }>): RuleBroken | null {
    if (!this.#open.delete(decision)) {
      return { code: 'order', what: `it is an outcome of ${decision}, which no decision before it allowed, or which has one already` };
    }
    this.#counts.masked += masked;
    return null;
  }

  #command({ link, event }: Extract<KnownEntry, { kind: 'command' }>): RuleBroken | null {
    if (event === 'ended') {
      const stray = this.#ofCommand(link, 'command');
      this.#links.set(link, 'ended');
      return stray;
    }
    const broken = this.#begin(link, 'command');
    if (broken === null) this.#counts.commands += 1;
    return broken;
  }

  /** What is of a cage comes between its making and its end, as with a command. */
  #cage({ cage, event, command }: Extract<KnownEntry, { kind: 'cage' }>): RuleBroken | null {
    if ((command === null) !== (event === 'ended')) return { code: 'order', what: `cage ${cage} is ${event} by command ${command}` };
    const stray = command === null ? null : this.#ofCommand(command, 'command');
    if (stray !== null) return stray;
    if (event === 'made') return this.#begin(cage, 'cage');
    const unknown = this.#ofCommand(cage, 'cage');
    if (event === 'ended') this.#links.set(cage, 'ended');
    return unknown;
  }

  #delegation(entry: Extract<KnownEntry, { kind: 'delegation' }>): RuleBroken | null {
    if (this.#links.has(entry.link)) return { code: 'order', what: `command ${entry.link} was already started` };
    return this.#ofCommand(entry.parent) ?? this.#chains?.delegation(entry) ?? null;
  }

  #begin(link: string, as: 'command' | 'cage'): RuleBroken | null {
    if (this.#links.has(link)) return { code: 'order', what: `${as} ${link} was already started` };
    if (this.#links.size >= COMMANDS_MAX) return { code: 'entry', what: `there are more than ${COMMANDS_MAX} commands and cages` };
    this.#links.set(link, as);
    return null;
  }

  /** @param as null: a cage of the job's will do. */
  #ofCommand(link: string, as: 'command' | 'cage' | null = null): RuleBroken | null {
    const state = this.#links.get(link);
    if (state !== undefined && state !== 'ended' && (as === null || state === as)) return null;
    return {
      code: 'order',
      what: `it is of ${as ?? 'command'} ${link}, which ${state === 'ended' ? 'has ended' : 'was not started'} before it`,
    };
  }

  #recording({ file, offset, bytes, sha256 }: Extract<KnownEntry, { kind: 'recording' }>): RuleBroken | null {
    const path = parseRecordingPath(file);
    if (path?.type !== 'rec' && path?.type !== 'rec.age') return { code: 'recording', what: 'it names a file that is no recording' };
    const stray = this.#ofCommand(path.link);
    if (stray !== null) return stray;
    const chunks = this.chunks.get(file) ?? [];
    const last = chunks.at(-1);
    const expected = last === undefined ? 0 : last.offset + last.bytes;
    if (offset !== expected) return { code: 'recording', what: `its chunk begins at ${offset}, expected at ${expected}` };
    if (this.#chunkCount >= CHUNKS_MAX) return { code: 'recording', what: `there are more than ${CHUNKS_MAX} chunks` };
    this.#chunkCount += 1;
    chunks.push({ offset, bytes, sha256 });
    this.chunks.set(file, chunks);
    return null;
  }

  #checkpoint({ n, prev }: Place, { key, sig }: Extract<KnownEntry, { kind: 'checkpoint' }>, session: SessionFacts): RuleBroken | null {
    if (!isGoodCheckpoint({ session: session.session, entries: n, last: prev, key, sig }, session.evidenceKey))
      return { code: 'checkpoint', what: 'it is not the signature of the evidence key for the lines before it' };
    this.#counts.checkpoints += 1;
    this.signed = n;
    return null;
  }

  #seal(n: number, { entries, allowed, refused, masked }: Extract<KnownEntry, { kind: 'seal' }>): RuleBroken | null {
    this.sealed = true;
    const counts = this.#counts;
    if (entries === n + 1 && allowed === counts.allowed && refused === counts.refused && masked === counts.masked) return null;
    const found = `${n + 1} entries, ${counts.allowed} allowed, ${counts.refused} refused, ${counts.masked} masked`;
    return {
      code: 'seal',
      what: `it counts ${entries} entries, ${allowed} allowed, ${refused} refused, ${masked} masked; there are ${found}`,
    };
  }
}
