import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { format } from './expressions.ts';

/** What the runner itself knows of shells; of any other it knows nothing: no arguments, no extension. */
const KNOWN = new Map([
  ['bash', { format: '--noprofile --norc -e -o pipefail {0}', extension: '.sh' }],
  ['sh', { format: '-e {0}', extension: '.sh' }],
  ['python', { format: '{0}', extension: '.py' }],
  ['pwsh', { format: `-command ". '{0}'"`, extension: '.ps1' }],
]);

export type ShellCommand = {
  readonly file: string;
  readonly args: readonly string[];
  readonly scriptPath: string;
  /** As the log's header shows it. */
  readonly shown: string;
};

/** Without `shell:` it is bash, or else sh, and in both cases with sh's arguments: `-e`, no `pipefail`. */
export function planShell(shell: string | undefined, temp: string, path: string): ShellCommand {
  const [name, rest] = shell === undefined || shell === '' ? ['sh', ''] : splitOnce(shell);
  const file = shell === undefined || shell === '' ? (which('bash', path) ?? which('sh', path)) : which(name, path);
  if (file === null) throw new Error(`${name}: command not found`);
  const template = rest.trimStart() === '' ? (KNOWN.get(name.toLowerCase())?.format ?? '') : rest.trimStart();
  if (!template.includes('{0}')) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    );
  }
  const scriptPath = join(temp, `${randomUUID()}${KNOWN.get(name.toLowerCase())?.extension ?? ''}`);
  const args = splitArguments(format(template, [scriptPath.replaceAll('"', '\\"')]));
  return { file, args, scriptPath, shown: `${file} ${template}` };
}

/** As .NET splits one argument line: blanks divide, quotes join, backslashes count only before a quote. */
export function splitArguments(line: string): readonly string[] {
  const args: string[] = [];
  for (let at = skipBlanks(line, 0); at < line.length; at = skipBlanks(line, at)) {
    const { text, end } = nextArgument(line, at);
    args.push(text);
    at = end;
  }
  return args;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}

function nextArgument(line: string, from: number): { readonly text: string; readonly end: number } {
  let text = '';
  let isQuoted = false;
  let at = from;
  while (at < line.length) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    at += slashes;
    text += '\\'.repeat(line[at] === '"' ? slashes >> 1 : slashes);
    const sign = line[at];
    if (slashes > 0 && sign !== '"') continue;
    if (sign === '"' && (slashes % 2 === 1 || (isQuoted && line[at + 1] === '"'))) {
      text += sign;
      at += slashes % 2 === 1 ? 1 : 2;
    } else if (sign === '"') {
      isQuoted = !isQuoted;
      at += 1;
    } else if ((sign === ' ' || sign === '\t') && !isQuoted) break;
    else {
      text += sign;
      at += 1;
    }
  }
  return { text, end: at };
}

/** A file of that name on the path; whether it may be executed is not asked. */
export function which(name: string, path: string): string | null {
  if (isAbsolute(name) && isFile(name)) return name;
  const places = path.split(delimiter).filter((folder) => folder !== '');
  return places.map((folder) => join(folder, name)).find(isFile) ?? null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
