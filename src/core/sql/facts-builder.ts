import type { OperationObject, PostgresEffect } from '#core/operation/operation.ts';
import type { Barrier, CursorUse, NameRef, ObjectUse, RelationUse, StatementFacts, TransactionControl } from './facts.ts';

/** Collects what one statement does, while its tree is walked. Everything is said once, however often it occurs. */
export class FactsBuilder {
  readonly #relations = new Map<string, RelationUse>();
  readonly #objects = new Map<string, ObjectUse>();
  readonly tags: string[] = [];
  readonly functionNames = new Set<string>();
  readonly operatorNames = new Set<string>();
  readonly unknown = new Set<string>();
  readonly transaction: TransactionControl[] = [];
  readonly prepares: { readonly name: string; readonly facts: StatementFacts }[] = [];
  readonly executes = new Set<string>();
  readonly declares: { readonly name: string; readonly facts: StatementFacts }[] = [];
  readonly fetches = new Set<string>();
  barrier: Barrier = 'none';
  copy: 'in' | 'out' | null = null;
  literalSensitive = false;

  relation(effect: PostgresEffect, relation: NameRef): void {
    this.#relations.set(JSON.stringify([effect, relation.schema, relation.name]), { effect, relation });
  }

  object(effect: PostgresEffect, object: OperationObject): void {
    this.#objects.set(JSON.stringify([effect, object]), { effect, object });
  }

  raiseBarrier(barrier: Barrier): void {
    if (this.barrier !== 'state' && barrier !== 'none') this.barrier = barrier;
  }

  get relations(): readonly RelationUse[] {
    return [...this.#relations.values()];
  }

  get objects(): readonly ObjectUse[] {
    return [...this.#objects.values()];
  }

  /** Whether it names anything whose meaning depends on what ran before it. */
  get namesSomething(): boolean {
    return (
      this.#relations.size + this.functionNames.size + this.operatorNames.size + this.executes.size > 0 ||
      this.prepares.length + this.declares.length > 0 ||
      this.objects.some(({ object }) => object.kind === 'function')
    );
  }

  get cursors(): CursorUse {
    return { prepares: this.prepares, executes: [...this.executes], declares: this.declares, fetches: [...this.fetches] };
  }

  /** Takes in all that another statement does, as it stands. */
  add(other: FactsBuilder): void {
    for (const { effect, relation } of other.#relations.values()) this.relation(effect, relation);
    this.addBeyondRelations(other);
  }

  /** Takes in the rest, for a statement that does less to the relations than the one inside it would. */
  addBeyondRelations(other: FactsBuilder): void {
    for (const { effect, object } of other.#objects.values()) this.object(effect, object);
    for (const name of other.functionNames) this.functionNames.add(name);
    for (const name of other.operatorNames) this.operatorNames.add(name);
    for (const reason of other.unknown) this.unknown.add(reason);
    for (const name of other.executes) this.executes.add(name);
    for (const name of other.fetches) this.fetches.add(name);
    this.tags.push(...other.tags);
    this.transaction.push(...other.transaction);
    this.prepares.push(...other.prepares);
    this.declares.push(...other.declares);
    this.raiseBarrier(other.barrier);
    this.copy ??= other.copy;
    this.literalSensitive ||= other.literalSensitive;
  }

  build(rest: Pick<StatementFacts, 'columns' | 'literals'>): StatementFacts {
    return {
      shape: {},
      tags: this.tags,
      relations: this.relations,
      objects: this.objects,
      functionNames: [...this.functionNames],
      operatorNames: [...this.operatorNames],
      unknown: [...this.unknown],
      transaction: this.transaction,
      barrier: this.barrier,
      cursors: this.cursors,
      copy: this.copy,
      literalSensitive: this.literalSensitive,
      ...rest,
    };
  }
}
