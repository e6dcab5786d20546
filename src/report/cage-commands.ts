import type { KnownEntry } from '#core/audit/entry-schema.ts';

/**
 * Which commands are in which of the job's cages, so far. What comes out of a cage is of the cage; a reader wants to know what ran there
 * at the time.
 */
export class CageCommands {
  readonly #cages = new Map<string, Set<string>>();

  cage({ cage, event, command }: Pick<Extract<KnownEntry, { kind: 'cage' }>, 'cage' | 'event' | 'command'>): void {
    if (event === 'ended') this.#cages.delete(cage);
    else if (command !== null) this.#cages.set(cage, (this.#cages.get(cage) ?? new Set()).add(command));
  }

  ended(command: string): void {
    for (const commands of this.#cages.values()) commands.delete(command);
  }

  /** The command that a link is shown with: the only one that is in a cage; the cage itself while there is none, or several. */
  shown(link: string): string {
    const commands = this.#cages.get(link);
    const [only] = commands ?? [];
    return commands?.size === 1 && only !== undefined ? only : link;
  }
}
