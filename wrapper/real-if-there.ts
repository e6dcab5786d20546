import { realpathSync } from 'node:fs';

/** As a mount table has it. What is not there out here may be there inside. */
export function realIfThere(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
