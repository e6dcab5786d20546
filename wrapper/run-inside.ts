import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { askNested } from './ask-nested.ts';
import type { NestedRunOptions } from './options.ts';

/** One command within the one that we are, by the gateway of that. Answers the exit code. */
export function runInside({ duty, agent, argv }: NestedRunOptions): Promise<number> {
  const isTerminal = isatty(0) && isatty(1) && process.stdout.columns > 0 && process.stdout.rows > 0;
  return askNested({
    ...{ duty, agent, argv: [...argv], cwd: process.cwd() },
    // As the kernel gave it: Node's own view of it has lost what is no UTF-8.
    environment: readFileSync('/proc/self/environ').toString('base64'),
    terminal: isTerminal ? { columns: process.stdout.columns, rows: process.stdout.rows } : null,
  });
}
