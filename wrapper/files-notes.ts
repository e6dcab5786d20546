export type LayersOutcome = {
  /** As planned; null: nothing is to be kept. */
  readonly layersFolder: string | null;
  /** Folders whose changes are written aside. */
  readonly layered: readonly string[];
  /** Layered folders that are read-only themselves. */
  readonly unlaid: readonly string[];
  /** Whether the folder for layers holds what is written. */
  readonly isKept: boolean;
};

/** What is different from the plan because of the machine (R17), for the person who reads the log; nothing else is said. */
export function filesNotes({ layersFolder, layered, unlaid, isKept }: LayersOutcome): readonly string[] {
  const notes: string[] = [];
  if (unlaid.length > 0) {
    notes.push(
      `in ${unlaid.join(', ')} the command writes only in folders that are there: something is mounted inside, and an overlay then needs sudo`,
    );
  }
  if (layersFolder !== null && layered.length > 0 && !isKept) {
    const why = 'its file system cannot hold an upper layer';
    notes.push(`what is written in ${layered.join(', ')} ends with this cage, and is not kept in ${layersFolder}: ${why}`);
  }
  return notes;
}
