import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^git-credentials-.*\.config$/;

/** Where `actions/checkout` of late keeps the job's token, for configurations to include. @param folder the runner's for temporary files */
export function credentialFiles(folder: string | undefined): readonly string[] {
  if (folder === undefined || !folder.startsWith('/')) return [];
  try {
    const real = realpathSync(folder);
    const found = readdirSync(real, { withFileTypes: true }).filter((entry) => entry.isFile() && NAME.test(entry.name));
    return found.map(({ name }) => join(real, name)).sort();
  } catch {
    return [];
  }
}
