import { LOOK_UP_SQL } from '#gates/postgres/names.ts';
import * as wire from './wire.ts';

/**
 * A model of one PostgreSQL backend, as the protocol's documentation tells it (protocol-flow): transaction states, errors that
 * skip to Sync, implicit transactions, prepared statements, portals. It speaks whole messages and has no sockets.
 *
 * `denies` makes it refuse statements by itself, as a server with grants would: what a client of the gate must see is what a
 * client of such a server sees.
 */
export class ModelServer {
  /** Statements that changed something and were not rolled back, in order. */
  readonly committed: string[] = [];
  readonly executed: string[] = [];
  #status: 'I' | 'T' | 'E' = 'I';
  #pending: string[] = [];
  #skipping = false;
  #prepared = new Map<string, string>();
  #portals = new Map<string, string>();
  readonly #denies: (sql: string) => boolean;

  constructor(denies: (sql: string) => boolean) {
    this.#denies = denies;
  }

  /** Answers one message of the client. */
  receive(type: string, body: Buffer): Buffer[] {
    if (type === 'S') return this.#sync();
    if (this.#skipping) return [];
    if (type === 'Q') return this.#simple(wire.text(body));
    try {
      return this.#extended(type, body);
    } catch (failure) {
      if (!(failure instanceof StatementFailure)) throw failure;
      this.#skipping = true;
      this.#fail();
      return [wire.error(failure.code)];
    }
  }

  #simple(sql: string): Buffer[] {
    const answers: Buffer[] = [];
    try {
      this.#admit(sql);
      answers.push(...this.#run(sql, true));
    } catch (failure) {
      if (!(failure instanceof StatementFailure)) throw failure;
      this.#fail();
      answers.push(wire.error(failure.code));
    }
    this.#endImplicit();
    return [...answers, wire.ready(this.#status)];
  }

  #sync(): Buffer[] {
    this.#skipping = false;
    this.#endImplicit();
    return [wire.ready(this.#status)];
  }

  #extended(type: string, body: Buffer): Buffer[] {
    switch (type) {
      case 'P': {
        const [name, sql] = wire.texts(body);
        if (name === '') this.#prepared.delete('');
        this.#admit(sql);
        if (name !== '' && this.#prepared.has(name)) throw new StatementFailure('42P05');
        this.#prepared.set(name, sql);
        return [wire.message('1')];
      }
      case 'B': {
        const [portal, name] = wire.texts(body);
        const sql = this.#prepared.get(name);
        if (sql === undefined) throw new StatementFailure('26000');
        this.#refuseIfAborted(sql);
        if (portal !== '' && this.#portals.has(portal)) throw new StatementFailure('42P03');
        this.#portals.set(portal, sql);
        return [wire.message('2')];
      }
      case 'D': {
        const kind = String.fromCharCode(body[0] ?? 0);
        const name = wire.text(body.subarray(1));
        const sql = (kind === 'S' ? this.#prepared : this.#portals).get(name);
        if (sql === undefined) throw new StatementFailure(kind === 'S' ? '26000' : '34000');
        const description = returnsRows(sql) ? wire.rowDescription() : wire.message('n');
        return kind === 'S' ? [wire.message('t', Buffer.from([0, 0])), description] : [description];
      }
      case 'E': {
        const sql = this.#portals.get(wire.text(body));
        if (sql === undefined) throw new StatementFailure('34000');
        this.#refuseIfAborted(sql);
        return this.#run(sql, false);
      }
      case 'C': {
        const map = body[0] === 0x53 ? this.#prepared : this.#portals;
        map.delete(wire.text(body.subarray(1)));
        return [wire.message('3')];
      }
      case 'H':
        return [];
      default:
        throw new Error(`Cannot answer message ${type}: the model does not know it`);
    }
  }

  /** Parsing comes first, then the aborted transaction, then rights: as in exec_simple_query and exec_parse_message. */
  #admit(sql: string): void {
    if (sql.startsWith('duty_gate') || sql.startsWith('garbage')) throw new StatementFailure('42601');
    this.#refuseIfAborted(sql);
    if (this.#denies(sql)) throw new StatementFailure('42501');
  }

  #refuseIfAborted(sql: string): void {
    if (this.#status === 'E' && sql !== 'COMMIT' && sql !== 'ROLLBACK') throw new StatementFailure('25P02');
  }

  #run(sql: string, describes: boolean): Buffer[] {
    if (sql === LOOK_UP_SQL) return [wire.row(wire.lookUpAnswer()), wire.complete('SELECT 1')];
    this.executed.push(sql);
    if (sql === 'BEGIN') this.#status = this.#status === 'I' ? 'T' : this.#status;
    else if (sql === 'COMMIT') this.#end(this.#status !== 'E');
    else if (sql === 'ROLLBACK') this.#end(false);
    else if (sql.startsWith('FAIL')) throw new StatementFailure('22012');
    else if (returnsRows(sql)) {
      const rows = [wire.row('one'), wire.row('two')];
      return [...(describes ? [wire.rowDescription()] : []), ...rows, wire.complete('SELECT 2')];
    } else this.#pending.push(sql);
    return [wire.complete(sql.split(' ')[0] ?? '')];
  }

  #fail(): void {
    if (this.#status === 'T') this.#status = 'E';
    this.#pending = this.#status === 'I' ? [] : this.#pending;
  }

  /** Outside a block, what ran since the last Sync commits at the next; portals end with their transaction. */
  #endImplicit(): void {
    if (this.#status === 'I') this.#end(true);
  }

  #end(commits: boolean): void {
    if (commits) this.committed.push(...this.#pending);
    this.#pending = [];
    this.#status = 'I';
    this.#portals.clear();
  }
}

class StatementFailure extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

function returnsRows(sql: string): boolean {
  return sql.startsWith('SELECT') || sql === LOOK_UP_SQL;
}
