/** The tree of an expression of the workflow language: what stands between `${{` and `}}`, or after `if:`. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const CHARACTERS_MAX = 21_000;
const DEPTH_MAX = 50;
const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(0x[0-9a-fA-F]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|<=|>=|[!<>()[\].,*]))/y;
/** Weakest first, as the runner's own grammar has them. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

type Token = { readonly kind: 'text' | 'number' | 'name' | 'sign'; readonly text: string };
type Cursor = { readonly tokens: readonly Token[]; at: number; readonly source: string };

export function parseExpression(source: string): Expression {
  if (source.length > CHARACTERS_MAX) throw new Error(`Exceeded max expression length ${CHARACTERS_MAX}`);
  const cursor: Cursor = { tokens: tokensOf(source), at: 0, source };
  const tree = parseLevel(cursor, 0, 0);
  if (cursor.at < cursor.tokens.length) throw unexpected(cursor);
  return tree;
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; source.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, text, number, name, sign] = TOKEN.exec(source) ?? [];
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else throw new Error(`Unexpected symbol: '${source.slice(at).trim()}', in '${source}'`);
  }
  return tokens;
}

function parseLevel(cursor: Cursor, level: number, depth: number): Expression {
  if (depth > DEPTH_MAX) throw new Error(`Exceeded max expression depth ${DEPTH_MAX}`);
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(cursor, depth);
  let left = parseLevel(cursor, level + 1, depth);
  for (let operator = takeSign(cursor, operators); operator !== null; operator = takeSign(cursor, operators)) {
    left = { kind: 'binary', operator, left, right: parseLevel(cursor, level + 1, depth) };
  }
  return left;
}

function parseUnary(cursor: Cursor, depth: number): Expression {
  if (depth > DEPTH_MAX) throw new Error(`Exceeded max expression depth ${DEPTH_MAX}`);
  if (takeSign(cursor, ['!']) !== null) return { kind: 'not', of: parseUnary(cursor, depth + 1) };
  let tree = parsePrimary(cursor, depth);
  for (let sign = takeSign(cursor, ['.', '[']); sign !== null; sign = takeSign(cursor, ['.', '['])) {
    if (sign === '.') tree = { kind: 'index', of: tree, key: { kind: 'literal', value: take(cursor, 'name') } };
    else {
      tree = { kind: 'index', of: tree, key: parseLevel(cursor, 0, depth + 1) };
      expectSign(cursor, ']');
    }
  }
  return tree;
}

function parsePrimary(cursor: Cursor, depth: number): Expression {
  if (takeSign(cursor, ['(']) !== null) {
    const inner = parseLevel(cursor, 0, depth + 1);
    expectSign(cursor, ')');
    return inner;
  }
  const token = cursor.tokens[cursor.at];
  if (token === undefined || token.kind === 'sign') throw unexpected(cursor);
  cursor.at += 1;
  if (token.kind === 'text') return { kind: 'literal', value: token.text };
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (takeSign(cursor, ['(']) !== null) return { kind: 'call', name: token.text.toLowerCase(), args: parseArguments(cursor, depth) };
  if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
  if (token.text === 'null') return { kind: 'literal', value: null };
  if (token.text === 'NaN' || token.text === 'Infinity') return { kind: 'literal', value: Number(token.text) };
  return { kind: 'context', name: token.text };
}

function parseArguments(cursor: Cursor, depth: number): readonly Expression[] {
  if (takeSign(cursor, [')']) !== null) return [];
  const args = [parseLevel(cursor, 0, depth + 1)];
  while (takeSign(cursor, [',']) !== null) args.push(parseLevel(cursor, 0, depth + 1));
  expectSign(cursor, ')');
  return args;
}

function takeSign(cursor: Cursor, signs: readonly string[]): string | null {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'sign' || !signs.includes(token.text)) return null;
  cursor.at += 1;
  return token.text;
}

function expectSign(cursor: Cursor, sign: string): void {
  if (takeSign(cursor, [sign]) === null) throw unexpected(cursor);
}

function take(cursor: Cursor, kind: Token['kind']): string {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== kind) throw unexpected(cursor);
  cursor.at += 1;
  return token.text;
}

function unexpected({ tokens, at, source }: Cursor): Error {
  const token = tokens[at];
  return new Error(
    token === undefined ? `Unexpected end of expression: '${source}'` : `Unexpected symbol: '${token.text}', in '${source}'`,
  );
}
