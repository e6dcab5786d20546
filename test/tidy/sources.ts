import { stripTypeScriptTypes } from 'node:module';
import { isSource, type ProjectFile } from './files.ts';

const LINES_MAX = 300;

/** Each source whose test file is missing: `src/a/b.ts` has `test/a/b.test.ts`. Sources that are only types need none. */
export function testProblems(files: readonly ProjectFile[]): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path, text }) => isSource(path) && !paths.has(testOf(path)) && !isTypesOnly(text))
    .map(({ path }) => `${path}: no ${testOf(path)}`);
}

/** Files over the limit. Data that people review as a table says so in its first line, and may be longer. */
export function lengthProblems(files: readonly ProjectFile[]): readonly string[] {
  return files
    .filter(({ path, text }) => /\.(ts|bash|sh)$/.test(path) && !path.startsWith('dist/') && !text.startsWith('// reviewed data table'))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines, expected at most ${LINES_MAX}`);
}

const LEFT_OVER = /\b(TODO|FIXME|XXX|HACK)\b/;
const NOT_RUN = /\b(?:test|it|describe|suite|t)\.(?:skip|only|todo)\b|[{,]\s*(?:skip|only|todo)\s*:|\bt\.(?:skip|todo)\(/;
const NOT_LINTED = /biome-ignore-(?:all|start)|@ts-(?:ignore|nocheck)/;

/** Work left for later, tests that do not run, checks switched off for a whole file. */
export function leftOverProblems(files: readonly ProjectFile[]): readonly string[] {
  return files
    .filter(({ path }) => /\.(ts|bash|sh)$/.test(path) && !path.startsWith('dist/') && !path.startsWith('test/tidy/sources.'))
    .flatMap(({ path, text }) => {
      const patterns = path.endsWith('.test.ts') ? [LEFT_OVER, NOT_RUN, NOT_LINTED] : [LEFT_OVER, NOT_LINTED];
      const lines = text.split('\n').map((line) => patterns.map((pattern) => pattern.exec(line)?.[0]).find((found) => found !== undefined));
      return lines.flatMap((found, index) => (found === undefined ? [] : [`${path}:${index + 1}: ${found.trim()}`]));
    });
}

const VAGUE = /(^|\/)(utils?|helpers?|misc|common)(\.ts|\/)/;

/** Names that say nothing, or that are not kebab-case. */
export function nameProblems(files: readonly ProjectFile[]): readonly string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => /^(src|wrapper|test|build)\/.*\.ts$/.test(path))
    .filter((path) => VAGUE.test(path) || !/^[a-z0-9]+([-.][a-z0-9]+)*\.ts$/.test(path.slice(path.lastIndexOf('/') + 1)))
    .map((path) => `${path}: expected kebab-case, and a name that says what it holds`);
}

/** Whether nothing is left of a source once its types are taken out. */
export function isTypesOnly(text: string): boolean {
  const left = stripTypeScriptTypes(text)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/\bexport\s*\{\s*\}/g, '');
  return /^[\s;]*$/.test(left);
}

function testOf(path: string): string {
  return `test/${path.replace(/^src\//, '').replace(/\.ts$/, '.test.ts')}`;
}
