/**
 * Commands that reach past the lines of the step that prints them (actions/runner, ActionCommandManager.cs):
 * - `add-mask` and `stop-commands` add to the masks of the whole job (the second its token), so that our checkpoints, or
 *   those of later steps, would read `***`;
 * - `set-env`, `add-path` and `save-state` are the file commands by another way, which are judged (R18);
 * - `add-matcher` has the runner open a file outside the cage and rewrite lines, ours too; `remove-matcher` takes away
 *   what others added;
 * - `internal-set-repo-path` says where a repository lies. The runner takes it from its own plugins only.
 *
 * `echo` stays: it changes what this step alone shows of its own commands.
 */
const WITHHELD = [
  'add-mask',
  'stop-commands',
  'set-env',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'save-state',
  'internal-set-repo-path',
] as const;

/** Three bytes for each letter of the longest name, where it is written in letters that merely fold to it, and what follows. */
const NAME_BYTES_MAX = 72;
/** The most that can be undecided. */
export const CANDIDATE_BYTES_MAX = 3 + NAME_BYTES_MAX;

const NEW = Buffer.from('::');
const OLD = Buffer.from('##[');

export type Judgement = { readonly kind: 'passed' | 'undecided' } | { readonly kind: 'withheld'; readonly name: string };
const PASSED: Judgement = { kind: 'passed' };
const UNDECIDED: Judgement = { kind: 'undecided' };

/**
 * Whether a command that is to be withheld begins here, with `::` (which counts only where a line begins: the caller knows)
 * or `##[` (anywhere). `undecided`: the bytes end before that can be told.
 *
 * Wider than the runner reads, on purpose. It finds openers and ends of names by the rules of its locale, which pass over
 * invisible characters; so whatever follows a whole name and could not go on with it is taken for the name's end. And it
 * looks at a line's first `##[` only, but which one it takes for the first depends on those rules too: here every one counts.
 */
export function judgeCommand(bytes: Buffer, at: number): Judgement {
  const opener = bytes[at] === NEW[0] ? NEW : OLD;
  const present = Math.min(bytes.length - at, opener.length);
  if (bytes.compare(opener, 0, present, at, at + present) !== 0) return PASSED;
  return present < opener.length ? UNDECIDED : judgeName(bytes.toString('latin1', at + present, at + present + NAME_BYTES_MAX));
}

function judgeName(latin1: string): Judgement {
  const text = fold(latin1);
  const word = /^[a-z0-9_-]*/.exec(text)?.[0] ?? '';
  const rest = text.slice(word.length);
  const isWhole = WITHHELD.some((name) => name === word);
  // The bytes end, or end within a letter that may still fold to one of a name.
  if (rest === '' || rest === '\xc5' || rest === '\xe2' || rest === '\xe2\x84') {
    return WITHHELD.some((name) => name.startsWith(word)) ? UNDECIDED : PASSED;
  }
  // A line that ends with the name holds no command.
  return isWhole && rest[0] !== '\n' && rest[0] !== '\r' ? { kind: 'withheld', name: word } : PASSED;
}

/** Names are compared without regard to case; some versions of .NET count U+017F and U+212A as `s` and `k`. */
function fold(latin1: string): string {
  return latin1
    .replaceAll('\xc5\xbf', 's')
    .replaceAll('\xe2\x84\xaa', 'k')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
