import type { CommandIo } from './io.ts';
import { EXIT_OK, EXIT_USAGE } from './io.ts';
import { VERSION } from './version.ts';

/** A subcommand: one line for the help, and how to get at it, loaded only when it is asked for. */
export type Subcommand = {
  readonly usage: string;
  readonly summary: string;
  run(args: readonly string[], io: CommandIo): Promise<number>;
};

/** `duty-gate ARGS…`. Answers the exit code. */
export async function dispatch(args: readonly string[], commands: ReadonlyMap<string, Subcommand>, io: CommandIo): Promise<number> {
  const [name = '', ...rest] = args;
  const command = commands.get(name);
  if (command !== undefined) return command.run(rest, io);
  switch (name) {
    case '--help':
    case '-h':
    case 'help':
      io.stdout.write(help(commands));
      return EXIT_OK;
    case '--version':
      io.stdout.write(`${VERSION}\n`);
      return EXIT_OK;
  }
  const fault = name === '' ? 'no subcommand is given' : `there is no subcommand ${JSON.stringify(name)}`;
  io.stderr.write(`duty-gate: Cannot start: ${fault}, expected one of these\n\n${help(commands)}`);
  return EXIT_USAGE;
}

function help(commands: ReadonlyMap<string, Subcommand>): string {
  const width = Math.max(...[...commands.values()].map(({ usage }) => usage.length));
  const lines = [...commands.values()].map(({ usage, summary }) => `  duty-gate ${usage.padEnd(width)}  ${summary}`);
  return `duty-gate ${VERSION}: a layer-7 gate in the data path of whatever a command starts

${lines.join('\n')}

  duty-gate SUBCOMMAND --help tells a subcommand's options; duty-gate --version the version.

Exit codes of run: the command's own; 123 the session was lost while it ran; 125 it could not be started safely and
nothing ran; 126 and 127 as shells do; 128+n for a signal.
`;
}
