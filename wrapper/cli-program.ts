import { fileURLToPath } from 'node:url';

/** The command line's program: a source file where we are one, else the bundle in the same folder. @param here of a file of this folder */
export function cliProgram(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../src/cli/main.ts' : './duty-gate.js', here));
}
