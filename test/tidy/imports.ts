import type { ProjectFile } from './files.ts';

/**
 * The table of layers in ARCHITECTURE.md, between `<!-- import-table -->` and `<!-- /import-table -->`:
 *
 *   | layer | may import |
 *   |---|---|
 *   | src/gates/postgres/{gate,dial}.ts | src/core, types of src/session/ports.ts, node:net, zod |
 *
 * - `layer` is a folder or a file, from the clone's root; `{a,b}` stands for both. **The first row that fits a file is its
 *   row**, so narrow rows come before wide ones, and say all that the file may.
 * - `may import` lists, by commas: a folder or file of the clone; `types of X` (by `import type` only); `node:x`, or `node`
 *   for every module of Node's; the name of a package, which stands for its subpaths and its aliases by version
 *   (`libpg-query` for `libpg-query-18/wasm/libpg-query.js`).
 * - A file's own folder is always allowed. `import type` of a package's types is an import of that package.
 */
export type Row = { readonly layer: string; readonly patterns: readonly string[]; readonly rights: readonly Right[] };

export type Right = { readonly what: string; readonly typesOnly: boolean };

export type Import = { readonly specifier: string; readonly typeOnly: boolean };

const TABLE = /<!-- import-table -->\n([\s\S]*?)<!-- \/import-table -->/;

export function parseImportTable(page: string): readonly Row[] {
  const body = TABLE.exec(page)?.[1];
  if (body === undefined)
    throw new Error('Cannot read the import table: no markers, expected <!-- import-table --> … <!-- /import-table -->');
  const cells = body
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return cells.slice(2).map(([, layer = '', mayImport = '']) => {
    const rights = mayImport.split(/,\s*(?![^{]*\})/).filter((right) => right !== '');
    return { layer, patterns: braceExpanded(layer), rights: rights.flatMap(parseRight) };
  });
}

/** Each import that no row allows, each source without a row, and each row without a source: in words. */
export function importProblems(files: readonly ProjectFile[], rows: readonly Row[]): readonly string[] {
  const unused = new Set(rows);
  const problems = files.flatMap((file) => {
    const row = rows.find(({ patterns }) => patterns.some((pattern) => covers(pattern, file.path)));
    if (row === undefined) return [`${file.path}: no row of the import table fits`];
    unused.delete(row);
    return importsOf(file.text).flatMap((found) => problemOf(file.path, found, row));
  });
  return [...problems, ...[...unused].map(({ layer }) => `ARCHITECTURE.md: no source is ${layer}`)];
}

/** All imports of a TypeScript source: static, re-exporting, dynamic, in types, and by `require`. One that is computed is `?`. */
export function importsOf(source: string): readonly Import[] {
  const code = withoutComments(source);
  const statics = [...code.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"\n]+)['"]/gm)];
  const calls = [...code.matchAll(/(typeof\s+)?(?<![.\w#])(?:import|require)\(\s*(?:['"]([^'"]+)['"])?/g)];
  return [...statics, ...calls].map(([, type, specifier]) => ({ specifier: specifier ?? '?', typeOnly: type !== undefined }));
}

function problemOf(path: string, { specifier, typeOnly }: Import, row: Row): readonly string[] {
  if (specifier === '?') return [`${path}: imports what it computes, expected a name in quotes`];
  const resolved = resolve(path, specifier);
  if (resolved === null) return [`${path}: imports ${specifier}, expected ./x.ts inside a folder or #layer/x.ts`];
  if (folderOf(resolved) === folderOf(path) && resolved.includes('/')) return [];
  if (row.rights.some((right) => covers(right.what, resolved) && (typeOnly || !right.typesOnly))) return [];
  return [`${path}: imports ${specifier}${typeOnly ? '' : ' at run time'}, not allowed for ${row.layer}`];
}

/** A path of the clone, `node:x`, or a package; null for what no import may look like. */
function resolve(path: string, specifier: string): string | null {
  if (specifier.startsWith('./')) return specifier.includes('..') ? null : `${folderOf(path)}/${specifier.slice(2)}`;
  if (specifier.startsWith('.') || specifier.startsWith('/')) return null;
  if (!specifier.startsWith('#')) return specifier;
  const [layer = '', ...rest] = specifier.slice(1).split('/');
  if (rest.includes('..')) return null;
  return [...(['wrapper', 'test', 'build'].includes(layer) ? [layer] : ['src', layer]), ...rest].join('/');
}

function covers(what: string, imported: string): boolean {
  if (what === 'node') return imported.startsWith('node:');
  const withoutVersion = imported.replace(/^((?:@[^/]+\/)?[^/:]+?)-\d+(?=\/|$)/, '$1');
  return [imported, withoutVersion].some((name) => name === what || name.startsWith(`${what}/`));
}

function parseRight(text: string): readonly Right[] {
  const types = /^types of (.+)$/.exec(text)?.[1];
  return braceExpanded(types ?? text).map((what) => ({ what, typesOnly: types !== undefined }));
}

function braceExpanded(text: string): readonly string[] {
  const [, before = '', list = '', after = ''] = /^(.*?)\{(.*?)\}(.*)$/.exec(text) ?? [];
  return list === '' ? [text] : list.split(',').map((word) => before + word.trim() + after);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function withoutComments(source: string): string {
  return source.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
}
