import { type PolicyProblem, PROBLEMS_MAX } from './problems.ts';

export const POLICY_CHARACTERS_MAX = 1024 * 1024;

/**
 * Characters with which a text shows one thing to a reviewer and says another to a parser (R14): controls and line
 * breaks that only some programs know, writing-direction overrides, characters without width.
 */
const MISLEADING =
  /\r(?!\n)|[^\t\n\r\x20-\x7E\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]|[\u{AD}\u{61C}\u{200B}-\u{200F}\u{2028}-\u{202E}\u{2060}-\u{2069}]|(?<!^)\u{FEFF}/gu;

export function textProblems(text: string): readonly PolicyProblem[] {
  if (text.length > POLICY_CHARACTERS_MAX) {
    return [
      { line: 1, column: 1, path: '', message: `the policy has ${text.length} characters, expected at most ${POLICY_CHARACTERS_MAX}` },
    ];
  }
  const problems: PolicyProblem[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  for (const match of text.matchAll(MISLEADING)) {
    for (let next = text.indexOf('\n', at); next >= 0 && next < match.index; next = text.indexOf('\n', next + 1)) {
      line += 1;
      lineStart = next + 1;
    }
    at = Math.max(match.index, lineStart);
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    problems.push({
      line,
      column: match.index - lineStart + 1,
      path: '',
      message: `the text holds the invisible or control character U+${code}`,
    });
    if (problems.length >= PROBLEMS_MAX) break;
  }
  return problems;
}
