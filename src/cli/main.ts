import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { dispatch, type Subcommand } from './dispatch.ts';
import { type CommandIo, EXIT_FAILED } from './io.ts';

/** The command line's entry: which subcommands there are. Each is loaded when it is asked for, so none waits for another's libraries. */
const COMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  [
    'run',
    {
      usage: 'run [OPTIONS] -- CMD…',
      summary: 'run a command whose only way out is the gate',
      run: async (args) => (await import('./run.ts')).runInCage(args),
    },
  ],
  [
    'shell',
    {
      usage: 'shell FILE',
      summary: "run a workflow step's script: shell: duty-gate shell {0}",
      run: async (args) => (await import('./run.ts')).shellInCage(args),
    },
  ],
  [
    'whoami',
    {
      usage: 'whoami',
      summary: 'inside a command: on whose behalf it acts, and what it may do',
      run: async (args, io) => (await import('./whoami.ts')).whoamiCommand(args, io),
    },
  ],
  [
    'doctor',
    {
      usage: 'doctor',
      summary: 'what this machine can and cannot do, and whether a cage holds',
      run: async (args, io) => (await import('./doctor.ts')).doctorCommand(args, io),
    },
  ],
  [
    'verify',
    {
      usage: 'verify PATH',
      summary: 'check an evidence bundle, offline',
      run: async (args, io) => (await import('./verify.ts')).verifyCommand(args, io),
    },
  ],
  [
    'report',
    {
      usage: 'report PATH',
      summary: 'make one HTML file of an evidence bundle',
      run: async (args, io) => (await import('./report.ts')).reportCommand(args, io),
    },
  ],
  [
    'replay',
    {
      usage: 'replay PATH',
      summary: 'show a recorded terminal again',
      run: async (args, io) => (await import('./replay.ts')).replayCommand(args, io),
    },
  ],
]);

/** Nothing ran. */
const EXIT_NOT_STARTED = 125;

/** Streams are made when first used: `run` hands the descriptors to others, and a stream of ours would change their modes. */
const IO: CommandIo = {
  stdout: { write: (text) => writeTo(process.stdout, text) },
  stderr: { write: (text) => writeTo(process.stderr, text) },
};

/** A reader that leaves early (`| head`) is no fault to make noise about. */
function writeTo(stream: NodeJS.WriteStream, text: string): void {
  if (stream.listenerCount('error') === 0) stream.on('error', () => process.exit(EXIT_FAILED));
  stream.write(text);
}

/** A job runs us once a step: what was compiled for one step serves the next, in the folder that no cage shows. */
function keepCompiled(jobFolder: string): void {
  // Made where the job's folder is, and nowhere else: what names none is told so later.
  if (jobFolder !== '' && existsSync(join(jobFolder, 'session.json'))) enableCompileCache(join(jobFolder, 'compiled'));
}

async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args, COMMANDS, IO);
  } catch (error) {
    IO.stderr.write(`duty-gate: ${error instanceof Error ? error.message : String(error)}\n`);
    return args[0] === 'run' || args[0] === 'shell' ? EXIT_NOT_STARTED : EXIT_FAILED;
  }
}

keepCompiled(process.env['DUTY_GATE_JOB'] ?? '');
// Writes to files, pipes and terminals are over when write() returns, on Linux: nothing is cut off by leaving.
process.exit(await main(process.argv.slice(2)));
