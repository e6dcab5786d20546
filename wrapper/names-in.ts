import { readdirSync } from 'node:fs';

/** None where it is no folder, or cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
