import { EMPTY_CHAIN } from '#core/audit/chain.ts';
import { type KnownEntry, LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { decodeUtf8, parseRecordingPath } from '#core/verify/manifest.ts';
import { CageCommands } from './cage-commands.ts';
import { ChainTree, type ReportLink } from './chain-tree.ts';
import { cutText } from './cut.ts';
import { type ReportOperation, ShownOperations } from './shown-operations.ts';

export const COMMANDS_MAX = 1000;
/** Of each sort: those that were let through, and those that were not. */
export const CONNECTIONS_MAX = 1000;
export const INCIDENTS_MAX = 20;
/** Connections of which an end is looked for at once. */
const CONNECTIONS_OPEN_MAX = 100_000;

export type ReportCommand = {
  readonly link: string;
  readonly argv: string;
  readonly started: string;
  ended: string | null;
  /** Null while no end is known. */
  result: { readonly exitCode: number | null; readonly signal: string | null } | null;
  /** Files of its recording that can be shown, with their bytes as far as the chain covers them. */
  readonly recorded: { readonly path: string; bytes: number }[];
};

export type ReportConnection = {
  readonly at: string;
  readonly link: string;
  readonly target: string;
  readonly refused: boolean;
  why: string | null;
  closed: string | null;
};

export type ReportIncident = { readonly at: string; readonly incident: string; readonly clientKey: string };

export type Gathered = {
  readonly operations: readonly ReportOperation[];
  readonly operationsLeftOut: { readonly allowed: number; readonly refused: number };
  readonly commands: readonly ReportCommand[];
  readonly commandsLeftOut: number;
  readonly connections: readonly ReportConnection[];
  readonly connectionsLeftOut: number;
  readonly incidents: readonly ReportIncident[];
  readonly chains: readonly ReportLink[];
  readonly linksLeftOut: number;
};

/**
 * Gathers what a report shows from the lines of `audit.jsonl`, in bounded memory. It takes the lines that were verified and no
 * more: what comes after a break of the chain may be anybody's.
 */
export class Gatherer {
  readonly #entriesMax: number;
  #entries = EMPTY_CHAIN.entries;
  #last = EMPTY_CHAIN.last;
  #isChain = true;
  readonly #operations = new ShownOperations();
  readonly #chains = new ChainTree();
  readonly #cages = new CageCommands();
  readonly #commands = new Map<string, ReportCommand>();
  #commandsLeftOut = 0;
  readonly #connections: ReportConnection[] = [];
  readonly #connectionsShown = { opened: 0, refused: 0 };
  #connectionsLeftOut = 0;
  readonly #open = new Map<string, { readonly link: string; readonly shown: ReportConnection | null }>();
  readonly #incidents: ReportIncident[] = [];

  /** @param entriesMax how many lines were found intact */
  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** @param bytes one line, without its end. */
  take(bytes: Uint8Array): void {
    if (this.#entries >= this.#entriesMax) return;
    const line = parseLine(bytes);
    this.#isChain &&= line !== null && line.prev === this.#last;
    this.#entries += 1;
    this.#last = sha256Hex(bytes);
    if (line === null) return;
    const read = readEntry(line.entry);
    if ('known' in read && read.known) this.#entry(line, read.entry);
  }

  /** Whether it was given as many lines as were found intact. */
  get isComplete(): boolean {
    return this.#entries === this.#entriesMax;
  }

  /** Whether these were the lines of which the last has that hash, and no others. */
  isChainTo(last: string): boolean {
    return this.isComplete && this.#isChain && this.#last === last;
  }

  gathered(): Gathered {
    return {
      ...this.#operations.shown(),
      ...this.#chains.shown(),
      commands: [...this.#commands.values()],
      commandsLeftOut: this.#commandsLeftOut,
      connections: this.#connections,
      connectionsLeftOut: this.#connectionsLeftOut,
      incidents: this.#incidents,
    };
  }

  #entry({ at, n }: LineEnvelope, entry: KnownEntry): void {
    switch (entry.kind) {
      case 'connection':
        this.#connection(at, entry);
        break;
      case 'egress':
        if (entry.event !== 'asked') this.#connection(at, connectionOf({ ...entry, event: entry.event }));
        break;
      case 'decision':
        this.#operations.decision({ at, n, link: this.#cages.shown(entry.link) }, entry);
        this.#chains.decision(entry);
        break;
      case 'outcome':
        this.#operations.outcome(entry);
        break;
      case 'command':
        this.#command(at, entry);
        if (entry.event === 'started') this.#chains.started(entry);
        else this.#cages.ended(entry.link);
        break;
      case 'cage':
        this.#cages.cage(entry);
        if (entry.event === 'made') this.#chains.cage(entry.cage);
        break;
      case 'recording':
        this.#recording(entry);
        break;
      case 'incident':
        if (this.#incidents.length < INCIDENTS_MAX)
          this.#incidents.push({ at, incident: cutText(entry.incident), clientKey: cutText(entry.clientKey) });
        break;
      case 'release':
        this.#operations.release(entry);
        break;
      case 'session':
        this.#chains.session(entry);
        break;
      case 'delegation':
        this.#chains.delegation(entry);
        break;
      case 'agent':
        this.#chains.agent(entry);
        break;
      case 'hold':
      case 'approval':
      case 'mint':
      case 'confinement':
      case 'checkpoint':
      case 'seal':
        break;
    }
  }

  #connection(at: string, { connection, link, target, event, why }: Extract<KnownEntry, { kind: 'connection' }>): void {
    if (event === 'closed') {
      const shown = this.#open.get(connection)?.shown ?? null;
      this.#open.delete(connection);
      if (shown !== null) Object.assign(shown, { closed: at, why: why === null ? null : cutText(why) });
      return;
    }
    const refused = event === 'refused';
    const sort = refused ? 'refused' : 'opened';
    let shown: ReportConnection | null = null;
    if (this.#connectionsShown[sort] < CONNECTIONS_MAX) {
      this.#connectionsShown[sort] += 1;
      shown = {
        at,
        link: this.#cages.shown(link),
        target: cutText(target),
        refused,
        why: why === null ? null : cutText(why),
        closed: null,
      };
      this.#connections.push(shown);
    } else this.#connectionsLeftOut += 1;
    if (!refused && this.#open.size < CONNECTIONS_OPEN_MAX) this.#open.set(connection, { link, shown });
  }

  #command(at: string, { link, event, argv, exitCode, signal }: Extract<KnownEntry, { kind: 'command' }>): void {
    const known = this.#commands.get(link);
    if (event === 'ended') {
      if (known === undefined) return;
      known.ended = at;
      known.result = { exitCode, signal: signal === null ? null : cutText(signal) };
    } else if (this.#commands.size >= COMMANDS_MAX) this.#commandsLeftOut += 1;
    else if (known === undefined) {
      const started = { link, argv: cutText(argv.join(' '), ARGV_CHARACTERS_MAX), started: at };
      this.#commands.set(link, { ...started, ended: null, result: null, recorded: [] });
    }
  }

  #recording({ file, bytes }: Extract<KnownEntry, { kind: 'recording' }>): void {
    const recording = parseRecordingPath(file);
    if (recording?.of !== 'terminal' || recording.type !== 'rec') return;
    const recorded = this.#commands.get(recording.link)?.recorded;
    const known = recorded?.find(({ path }) => path === file);
    if (known === undefined) recorded?.push({ path: file, bytes });
    else known.bytes += bytes;
  }
}

const ARGV_CHARACTERS_MAX = 2000;

function parseLine(bytes: Uint8Array): LineEnvelope | null {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(bytes) ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** An attempt to reach what is no target, as the report shows connections. */
function connectionOf({ attempt, link, host, port, event, why, times }: EgressAttempt): Extract<KnownEntry, { kind: 'connection' }> {
  const target = `${host === '' ? 'other names' : host}${port === null ? '' : `:${port}`}`;
  const reason = times === 1 ? why : `${why ?? ''} (${times} times)`;
  return { kind: 'connection', connection: `egress ${attempt}`, link, target, event, why: reason };
}

type EgressAttempt = Extract<KnownEntry, { kind: 'egress' }> & { readonly event: 'opened' | 'refused' | 'closed' };
