/**
 * Names that the client gives to statements or portals, as the server will know them at the same place in the stream.
 *
 * A change is entered when its message is put on its way, and taken back when the server turns out to have skipped or
 * refused it: otherwise a statement that was never prepared could be judged in place of the one that will run. Messages up
 * to one Sync stand or fall together, so within them a change on its way is as good as done; behind that Sync it is
 * *uncertain* until the server has answered.
 */
export class NameTable<Value> {
  /** For each name its changes, oldest first. The last counts; those before it matter only if it is taken back. */
  readonly #names = new Map<string, Change<Value>[]>();

  /** Null value: the name is given up. Returns null, and changes nothing, when there is no room. */
  change(name: string, value: Value | null, unit: number): NameChange | null {
    const changes = this.#names.get(name) ?? [];
    const isNew = changes.length === 0;
    if (isNew ? this.#names.size >= NAMES_MAX : changes.length >= CHANGES_MAX) return null;
    const change = { value, unit, confirmed: false };
    this.#names.set(name, [...changes, change]);
    return {
      confirm: () => this.#settle(name, change),
      undo: () => this.#takeBack(name, change),
      clear: () => {
        change.value = null;
        this.#settle(name, change);
      },
    };
  }

  /** What the name stands for in the given unit (messages up to one Sync). */
  get(name: string, unit: number): Value | 'uncertain' | undefined {
    const last = this.#names.get(name)?.at(-1);
    if (last === undefined) return undefined;
    if (!last.confirmed && last.unit !== unit) return 'uncertain';
    return last.value ?? undefined;
  }

  /** The change has happened: whatever was there before is gone for good. */
  #settle(name: string, change: Change<Value>): void {
    const changes = this.#names.get(name) ?? [];
    const index = changes.indexOf(change);
    if (index === -1) return;
    change.confirmed = true;
    this.#keep(name, change.value === null ? changes.slice(index + 1) : changes.slice(index));
  }

  #takeBack(name: string, change: Change<Value>): void {
    this.#keep(
      name,
      (this.#names.get(name) ?? []).filter((other) => other !== change),
    );
  }

  #keep(name: string, changes: Change<Value>[]): void {
    if (changes.length === 0) this.#names.delete(name);
    else this.#names.set(name, changes);
  }
}

/** `clear`: the server gave the old value up before the new one failed. */
export type NameChange = { confirm(): void; undo(): void; clear(): void };

type Change<Value> = { value: Value | null; readonly unit: number; confirmed: boolean };

const NAMES_MAX = 5_000;
/** Changes of one name on their way at once. */
const CHANGES_MAX = 1_000;
