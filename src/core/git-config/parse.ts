/** One definition of a git configuration (git-config(1), "Syntax"). */
export type GitConfigEntry = {
  /** Lower case. */
  readonly section: string;
  /** As it is written; null: none. */
  readonly subsection: string | null;
  /** Lower case. */
  readonly name: string;
  /** Null: it has no `=`, which means true. */
  readonly value: string | null;
  /** Where it stands in the text: from its name to the end of its last line, the line's end not included. */
  readonly from: number;
  readonly to: number;
};

export const GIT_CONFIG_CHARACTERS_MAX = 256 * 1024;
const ENTRIES_MAX = 5000;

/** Null for what git might read otherwise than we do, or not at all: whoever asks takes it for nothing they know. */
export function parseGitConfig(text: string): readonly GitConfigEntry[] | null {
  if (text.length > GIT_CONFIG_CHARACTERS_MAX || /[\0\r]/.test(text)) return null;
  const entries: GitConfigEntry[] = [];
  const blank = /[ \t\n]+|[#;][^\n]*/y;
  const header = /\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?\]/y;
  const name = /([A-Za-z][A-Za-z0-9-]*)[ \t]*/y;
  let at = 0;
  let place: Place | null = null;
  while (at < text.length) {
    const skipped = matchAt(blank, text, at);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const opened = matchAt(header, text, at);
    if (opened !== null) {
      place = placeOf(opened[1] ?? '', opened[2]);
      if (place === null) return null;
      at += opened[0].length;
      continue;
    }
    const named = matchAt(name, text, at);
    if (named === null || place === null || entries.length === ENTRIES_MAX) return null;
    const read = valueAt(text, at + named[0].length);
    if (read === null) return null;
    entries.push({ ...place, name: (named[1] ?? '').toLowerCase(), value: read.value, from: at, to: read.to });
    at = read.to;
  }
  return entries;
}

type Place = Pick<GitConfigEntry, 'section' | 'subsection'>;

/** The older `[section.subsection]` has its subsection in lower case; a dot beside a quoted one is nothing that git writes. */
function placeOf(words: string, quoted: string | undefined): Place | null {
  const dot = words.indexOf('.');
  if (quoted !== undefined) return dot === -1 ? { section: words.toLowerCase(), subsection: quoted.replace(/\\(.)/g, '$1') } : null;
  if (dot === -1) return { section: words.toLowerCase(), subsection: null };
  return { section: words.slice(0, dot).toLowerCase(), subsection: words.slice(dot + 1).toLowerCase() };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '"': '"', '\\': '\\' };

/** From behind a name: `=` and a value, or nothing up to the line's end. */
function valueAt(text: string, start: number): { readonly value: string | null; readonly to: number } | null {
  if (start === text.length || text[start] === '\n') return { value: null, to: start };
  if (text[start] !== '=') return null;
  let [value, kept, isQuoted, joined] = ['', 0, false, -1];
  for (let at = start + 1; ; at++) {
    const character = text[at];
    if (character === undefined || character === '\n' || (!isQuoted && /[#;]/.test(character))) {
      // Releases of git differ in whether blanks before a line that goes on are the value's, when nothing follows.
      return isQuoted || joined > kept ? null : { value: value.slice(0, kept), to: lineEnd(text, at) };
    }
    const isBlank = !isQuoted && /[ \t]/.test(character);
    // And in what a tab between two words is.
    if (!isBlank && value.includes('\t', kept)) return null;
    if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === '\\') {
      at += 1;
      const next = text[at] ?? '';
      if (next === '\n') {
        joined = value.length;
        continue;
      }
      const meant = ESCAPED[next];
      if (meant === undefined) return null;
      value += meant;
    } else if (!isBlank) {
      value += character;
    } else {
      // Blanks before a value, and after it, are none of it.
      if (value !== '' || kept > 0) value += character;
      continue;
    }
    kept = value.length;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** In a form that has one reading. Those of one section that follow each other stand under one header. */
export function gitConfigText(entries: readonly Pick<GitConfigEntry, 'section' | 'subsection' | 'name' | 'value'>[]): string {
  let [text, last] = ['', ''];
  for (const { section, subsection, name, value } of entries) {
    const header = `[${subsection === null ? section : `${section} "${subsection.replace(/[\\"]/g, '\\$&')}"`}]\n`;
    text += `${header === last ? '' : header}\t${name}${value === null ? '' : ` = ${quoted(value)}`}\n`;
    last = header;
  }
  return text;
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\b', '\\b')}"`;
}
