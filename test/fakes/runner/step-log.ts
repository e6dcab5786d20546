import { relative } from 'node:path';
import { type Command, isCommandName, parseCommand } from './commands.ts';
import type { Annotation, LogLine } from './job-run.ts';
import type { Masks } from './masks.ts';

/** At most this many of a level are kept, each cut there. */
const ANNOTATIONS_MAX = 10;
const MESSAGE_CHARACTERS_MAX = 4096;
/** A stop token longer than this is hidden in the log. */
const OPEN_TOKEN_CHARACTERS_MAX = 6;

export type StepLogSetup = {
  readonly masks: Masks;
  readonly workspace: string;
  /** Whether `::debug::` is shown. */
  readonly isDebug: boolean;
  /** The step's `env` context, as it was when the step started. */
  readonly env: ReadonlyMap<string, string>;
  /** What commands do beyond this step. */
  setEnv(name: string, value: string): void;
  addPath(path: string): void;
  emit(line: Omit<LogLine, 'step'>): void;
};

/** What the runner makes of a step's two outputs, line by line: commands are carried out, secrets hidden, the rest is the log. */
export class StepLog {
  readonly annotations: Annotation[] = [];
  readonly outputs = new Map<string, string>();
  readonly state = new Map<string, string>();
  /** A command that could not be carried out fails its step. */
  failed = false;
  readonly #setup: StepLogSetup;
  readonly #lines: string[] = [];
  #stopToken: string | null = null;
  #isEchoing = false;

  constructor(setup: StepLogSetup) {
    this.#setup = setup;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  /** A line that the step printed. */
  take(stream: 'stdout' | 'stderr', line: string): void {
    const command = parseCommand(line, this.#stopToken);
    if (command === null || !this.#isObeyed(stream, line, command)) this.#print(stream, line);
  }

  /** A line of the runner's own. */
  say(text: string): void {
    this.#print('runner', text);
  }

  issue(level: Annotation['level'], text: string, where: Omit<Annotation, 'level' | 'message'> = {}): void {
    const message = this.#setup.masks.hide(text).slice(0, MESSAGE_CHARACTERS_MAX);
    if (this.annotations.filter((each) => each.level === level).length < ANNOTATIONS_MAX)
      this.annotations.push({ level, message, ...where });
    if (message !== '') this.#print('runner', `##[${level}]${message}`);
  }

  fail(...reasons: readonly string[]): void {
    for (const reason of reasons) this.issue('error', reason);
    this.failed = true;
  }

  /** False: the line is not a command, as things stand, and goes to the log. */
  #isObeyed(stream: 'stdout' | 'stderr', line: string, command: Command): boolean {
    if (this.#stopToken !== null) {
      if (command.name !== this.#stopToken.toLowerCase()) return false;
      this.#stopToken = null;
      this.#print(stream, line);
      return true;
    }
    if (this.#isEchoing && !['stop-commands', 'add-mask', 'debug', 'warning', 'error', 'notice'].includes(command.name))
      this.#print(stream, line);
    try {
      if (command.name === 'stop-commands') this.#stop(stream, line, command.data);
      else this.#obey(command);
    } catch (error) {
      const shown = command.name === 'add-mask' ? command.name : line;
      this.fail(`Unable to process command '${shown}' successfully.`, error instanceof Error ? error.message : String(error));
    }
    return true;
  }

  #stop(stream: 'stdout' | 'stderr', line: string, token: string): void {
    const { env, masks } = this.#setup;
    const mayBeAny = env.get('ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS')?.toLowerCase() === 'true';
    if (!mayBeAny && (token === '' || token.toLowerCase() === 'pause-logging' || isCommandName(token))) {
      throw new Error("You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.");
    }
    this.#stopToken = token;
    if (token.length > OPEN_TOKEN_CHARACTERS_MAX) masks.add(token);
    this.#print(stream, line);
  }

  #obey({ name, properties, data }: Command): void {
    switch (name) {
      case 'add-mask':
        if (data.trim() === '') this.issue('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
        else this.#setup.masks.add(data);
        return;
      case 'set-output':
        this.outputs.set(needed(properties['name'], name), data);
        return;
      case 'save-state':
        this.state.set(needed(properties['name'], name), data);
        return;
      case 'set-env':
        this.#allowUnsecure(name);
        this.#setup.setEnv(needed(properties['name'], name), data);
        return;
      case 'add-path':
        this.#allowUnsecure(name);
        this.#setup.addPath(data);
        return;
      case 'error':
      case 'warning':
      case 'notice':
        this.issue(name, data, this.#where(properties));
        return;
      case 'debug':
        if (this.#setup.isDebug) this.#print('runner', `##[debug]${data}`);
        return;
      case 'group':
      case 'endgroup':
        this.#print('runner', `##[${name}]${name === 'group' ? data : ''}`);
        return;
      case 'echo':
        if (!/^(?:on|off)$/i.test(data.trim())) throw new Error(`Invalid echo command value. Possible values can be: 'on', 'off'.`);
        this.#isEchoing = data.trim().toLowerCase() === 'on';
        return;
      default:
        // Problem matchers: taken out of the log, and without effect here.
        return;
    }
  }

  /** Switched off for long, but a step can switch them on for later ones by `$GITHUB_ENV`. */
  #allowUnsecure(name: string): void {
    if (this.#setup.env.get('ACTIONS_ALLOW_UNSECURE_COMMANDS')?.toLowerCase() === 'true') return;
    throw new Error(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
  }

  /** A file in the workspace is named from there. */
  #where({ file, line, endline, title }: Readonly<Record<string, string>>): Omit<Annotation, 'level' | 'message'> {
    const inside = file?.startsWith(`${this.#setup.workspace}/`) === true;
    const number = Number(line ?? endline ?? Number.NaN);
    return {
      ...(file === undefined ? {} : { file: inside ? relative(this.#setup.workspace, file) : file }),
      ...(Number.isInteger(number) ? { line: number } : {}),
      ...(title === undefined ? {} : { title }),
    };
  }

  #print(stream: LogLine['stream'], line: string): void {
    const text = this.#setup.masks.hide(line);
    this.#lines.push(text);
    this.#setup.emit({ stream, text });
  }
}

function needed(value: string | undefined, command: string): string {
  if (value === undefined || value === '') throw new Error(`Required field 'name' is missing in ##[${command}] command.`);
  return value;
}
