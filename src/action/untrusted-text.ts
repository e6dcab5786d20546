/**
 * Text that others wrote (statements, branches, a policy's reasons), for a log or a page. It must not be a command to the
 * runner, not be markup, and not look like something else than it is (R14, R36).
 */

/** Everything that shows nothing or reorders what is beside it: controls, formats, separators, fillers, lone surrogates. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
/** Marks that stack on one character past what any script needs draw over the lines around it. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** One line, cut, with nothing hidden in it. */
export function visible(text: string, charactersMax: number): string {
  const cut = text.length > charactersMax ? `${withoutHalf(text.slice(0, charactersMax))}… (${text.length} characters)` : text;
  return cut.replace(INVISIBLE, (character) => (character === ' ' ? ' ' : escaped(character))).replace(STACKED_MARKS, '$1');
}

/** The same for text of several lines of our own making: line feeds stay. */
export function visibleLines(text: string, charactersMax: number): string {
  const cut = text.length > charactersMax ? `${withoutHalf(text.slice(0, charactersMax))}… (${text.length} characters)` : text;
  return cut
    .split('\n')
    .map((line) => visible(line, Number.POSITIVE_INFINITY))
    .join('\n');
}

const LOG_LINE_CHARACTERS_MAX = 4096;

/** A line for the log. The runner takes `::name::` at a line's start, and the old `##[name]` anywhere in one, for commands. */
export function logLine(text: string): string {
  return `duty-gate: ${visible(text, LOG_LINE_CHARACTERS_MAX).replaceAll('##[', '#\\u{23}[')}`;
}

/**
 * Text for a cell of a Markdown table: in `<code>`, with all punctuation as character references, so that no reading of it as Markdown,
 * HTML, link, mention or emoji is left.
 */
export function markdownCell(text: string, charactersMax: number): string {
  return `<code>${references(visible(text, charactersMax))}</code>`;
}

/** The same where code would be out of place. */
export function markdownText(text: string, charactersMax: number): string {
  return references(visible(text, charactersMax));
}

function references(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function withoutHalf(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
