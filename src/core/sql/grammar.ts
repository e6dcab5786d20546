import { isTree, listIn, type Tree, type TreeValue } from './tree.ts';

/**
 * PostgreSQL's own grammar, of the server's own major version (R33).
 *
 * The one place that loads libpg_query. A parse takes tens of microseconds; the loaded grammar of each major is shared.
 * Packed into one file, the program looks for `libpg-query-<major>.wasm` beside itself (see `wasmPath`).
 */
export async function loadGrammar(serverMajor: number): Promise<Grammar> {
  if (!isSupported(serverMajor)) {
    const [oldest, newest] = [SERVER_MAJORS[0], SERVER_MAJORS.at(-1)];
    throw new GrammarError(
      'unsupported-server',
      `Cannot load the grammar of PostgreSQL ${serverMajor}: not known, expected ${oldest} to ${newest}`,
    );
  }
  const known = loaded.get(serverMajor);
  if (known !== undefined) return known;
  const loading = openGrammar(serverMajor);
  loaded.set(serverMajor, loading);
  loading.catch(() => loaded.delete(serverMajor));
  return loading;
}

export type Grammar = {
  readonly major: ServerMajor;
  /** Throws GrammarError `syntax`, or `broken` when the parser gave up: the text then has no meaning that anybody knows. */
  parse(sql: string): ParseTree;
};

/** `stmt` is a Node. An empty or comment-only text has none. */
export type ParseTree = { readonly stmts: readonly { readonly stmt: TreeValue }[] };

export const SERVER_MAJORS = [15, 16, 17, 18] as const;
export type ServerMajor = (typeof SERVER_MAJORS)[number];

export class GrammarError extends Error {
  readonly code: 'unsupported-server' | 'syntax' | 'broken';

  constructor(code: GrammarError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GrammarError';
    this.code = code;
  }
}

const loaded = new Map<ServerMajor, Promise<Grammar>>();

function isSupported(serverMajor: number): serverMajor is ServerMajor {
  return SERVER_MAJORS.some((major) => major === serverMajor);
}

async function openGrammar(major: ServerMajor): Promise<Grammar> {
  const start = await STARTERS[major]();
  const make = () => start({ locateFile: (file, folder) => wasmPath(major, file, folder) });
  const parser = new Parser(await make(), make);
  return { major, parse: (sql) => parser.parse(sql) };
}

/** Written out one by one: a bundler packs only what it can see. */
const STARTERS: { readonly [major in ServerMajor]: () => Promise<Start> } = {
  15: async () => (await import('libpg-query-15/wasm/libpg-query.js')).default,
  16: async () => (await import('libpg-query-16/wasm/libpg-query.js')).default,
  17: async () => (await import('libpg-query-17/wasm/libpg-query.js')).default,
  18: async () => (await import('libpg-query-18/wasm/libpg-query.js')).default,
};

type Start = typeof import('libpg-query-18/wasm/libpg-query.js');
type Runtime = Awaited<ReturnType<Start>>;

/**
 * `folder` is where the glue code found itself: inside its package, each with a file of the same name, or the folder of
 * the packed program, where the four lie together under names of their own.
 */
function wasmPath(major: ServerMajor, file: string, folder: string): string {
  return folder.endsWith(`/libpg-query-${major}/wasm/`) ? `${folder}${file}` : `${folder}libpg-query-${major}.wasm`;
}

/**
 * One WebAssembly instance with a spare behind it. An exception out of the middle of C code (the JavaScript stack ran out
 * on a deep expression, or C called abort) leaves memory and stack pointer as they were: such an instance is never used again.
 */
class Parser {
  readonly #make: () => Promise<Runtime>;
  #current: Runtime | null;
  #spare: Runtime | null = null;
  #making = false;

  constructor(runtime: Runtime, make: () => Promise<Runtime>) {
    this.#current = runtime;
    this.#make = make;
    this.#makeSpare();
  }

  parse(sql: string): ParseTree {
    // C strings end at NUL, and UTF-8 has no lone surrogates: either would be read as another text (R28a).
    if (sql.includes('\0') || !sql.isWellFormed()) throw new GrammarError('syntax', 'the text has a NUL or a lone surrogate');
    // An empty string is no statement; some versions call it out of memory.
    if (sql === '') return { stmts: [] };
    const runtime = this.#current ?? this.#spare;
    if (runtime === null) throw new GrammarError('broken', 'the parser is being started anew');
    if (runtime === this.#spare) this.#spare = null;
    this.#current = runtime;
    try {
      return readTree(parseRaw(runtime, sql));
    } catch (error) {
      if (error instanceof GrammarError) throw error;
      this.#current = null;
      this.#makeSpare();
      throw new GrammarError('broken', 'the parser gave up on it', { cause: error });
    }
  }

  #makeSpare(): void {
    if (this.#making || this.#spare !== null) return;
    this.#making = true;
    this.#make().then(
      (runtime) => {
        this.#making = false;
        this.#spare = runtime;
      },
      () => {
        // Without a spare the grammar stays closed after the next breakdown: refused, never guessed (P2).
        this.#making = false;
      },
    );
  }
}

/**
 * `struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }`,
 * `struct PgQueryError { char *message, *funcname, *filename; int lineno, cursorpos; char *context; }` (pg_query.h), 4 bytes each.
 * The server's message quotes the text, which may hold secrets: only the position is passed on.
 */
function parseRaw(runtime: Runtime, sql: string): string {
  const bytes = runtime.lengthBytesUTF8(sql) + 1;
  const text = runtime._malloc(bytes);
  if (text === 0) throw new Error('out of memory');
  runtime.stringToUTF8(sql, text, bytes);
  const result = runtime._wasm_parse_query_raw(text);
  runtime._free(text);
  if (result === 0) throw new Error('out of memory');
  const tree = runtime.getValue(result, 'i32');
  const error = runtime.getValue(result + 8, 'i32');
  if (error !== 0) {
    const position = runtime.getValue(error + 16, 'i32');
    runtime._wasm_free_parse_result(result);
    throw new GrammarError('syntax', `syntax error at character ${position}`);
  }
  const json = tree === 0 ? '' : runtime.UTF8ToString(tree);
  runtime._wasm_free_parse_result(result);
  return json;
}

function readTree(json: string): ParseTree {
  const value: TreeValue = JSON.parse(json);
  if (!isTree(value)) throw new Error('no parse tree');
  return { stmts: listIn(value, 'stmts').map(statementOf) };
}

function statementOf(raw: TreeValue): { readonly stmt: Tree } {
  const stmt = isTree(raw) ? raw['stmt'] : undefined;
  if (!isTree(stmt)) throw new Error('no statement in the parse tree');
  return { stmt };
}
