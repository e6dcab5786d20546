/**
 * The runner's two formats for files that a step leaves behind, read as the runner reads them on Linux (a line ends at `\n`
 * alone), and written so that only one reading is possible.
 */

/** Definitions in one file; more are a mistake or an attack. */
export const DEFINITIONS_MAX = 1000;

export type Definition = { readonly name: string; readonly value: string };
export type ParsedDefinitions =
  | { readonly kind: 'definitions'; readonly definitions: readonly Definition[] }
  | { readonly kind: 'malformed'; readonly why: string };

/** `NAME=value`, or `NAME<<DELIMITER`, lines of the value, `DELIMITER`. Of two with one name both are given. */
export function parseDefinitions(text: string): ParsedDefinitions {
  const lines = text.split('\n');
  const definitions: Definition[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    if (definitions.length === DEFINITIONS_MAX) return malformed(at, `there are more than ${DEFINITIONS_MAX} definitions`);
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
      if (name === '' || delimiter === '') return malformed(at, 'it has no name or no delimiter');
      const end = lines.indexOf(delimiter, at + 1);
      if (end < 0) return malformed(at, 'its delimiter does not come again');
      definitions.push({ name, value: lines.slice(at + 1, end).join('\n') });
      at = end;
    } else if (equals > 0) {
      definitions.push({ name: line.slice(0, equals), value: line.slice(equals + 1) });
    } else {
      return malformed(at, equals === 0 ? 'it has no name' : 'it is neither NAME=value nor NAME<<DELIMITER');
    }
  }
  return { kind: 'definitions', definitions };
}

/** @param delimiter a line that no value has, for values of more than one line. */
export function renderDefinitions(definitions: readonly Definition[], delimiter: string): string {
  return definitions
    .map(({ name, value }) => (value.includes('\n') ? `${name}<<${delimiter}\n${value}\n${delimiter}\n` : `${name}=${value}\n`))
    .join('');
}

function malformed(at: number, why: string): ParsedDefinitions {
  return { kind: 'malformed', why: `line ${at + 1}: ${why}` };
}
