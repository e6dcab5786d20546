/** A command in a line of a step's output. */
export type Command = {
  readonly name: string;
  /** Names in lower case: the runner does not tell them apart by case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
};

const NAMES = [
  ...['set-env', 'set-output', 'save-state', 'add-mask', 'add-path', 'add-matcher', 'remove-matcher', 'debug'],
  ...['warning', 'error', 'notice', 'group', 'endgroup', 'echo', 'stop-commands'],
];

/** The last one undoes the others' own escapes, so it comes last. */
const IN_PROPERTY: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const IN_DATA: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const IN_OLD: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];
type Escapes = readonly (readonly [string, string])[];

export function isCommandName(name: string): boolean {
  return NAMES.includes(name.toLowerCase());
}

/** `::name key=value,…::data` where the line starts; `##[name key=value;…]data` anywhere in it. */
export function parseCommand(line: string, resumeToken: string | null): Command | null {
  const isKnown = (name: string): boolean => isCommandName(name) || name.toLowerCase() === resumeToken?.toLowerCase();
  return parseNew(line.trimStart(), isKnown) ?? parseOld(line, isKnown);
}

function parseNew(line: string, isKnown: (name: string) => boolean): Command | null {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1;
  if (end < 0) return null;
  const { name, list } = nameAndList(line.slice(2, end));
  if (!isKnown(name)) return null;
  return { name: name.toLowerCase(), properties: pairs(list.trim(), ',', IN_PROPERTY), data: unescapeText(line.slice(end + 2), IN_DATA) };
}

function parseOld(line: string, isKnown: (name: string) => boolean): Command | null {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return null;
  const { name, list } = nameAndList(line.slice(start + 3, end));
  if (!isKnown(name)) return null;
  return { name: name.toLowerCase(), properties: pairs(list, ';', IN_OLD), data: unescapeText(line.slice(end + 1), IN_OLD) };
}

function nameAndList(text: string): { readonly name: string; readonly list: string } {
  const space = text.indexOf(' ');
  return space < 0 ? { name: text, list: '' } : { name: text.slice(0, space), list: text.slice(space + 1) };
}

function pairs(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const entries = text.split(separator).flatMap((pair) => {
    const at = pair.indexOf('=');
    return at <= 0 || at === pair.length - 1 ? [] : [[pair.slice(0, at).toLowerCase(), unescapeText(pair.slice(at + 1), escapes)] as const];
  });
  return Object.fromEntries(entries);
}

function unescapeText(text: string, escapes: Escapes): string {
  return escapes.reduce((plain, [escaped, sign]) => plain.replaceAll(escaped, sign), text);
}
