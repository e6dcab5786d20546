import type { ProjectFile } from './files.ts';

/** Links of the pages that lead nowhere: a file or folder that is not there, or a heading that the page has not. */
export function linkProblems(files: readonly ProjectFile[]): readonly string[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const folders = new Set(files.flatMap(({ path }) => parentsOf(path)));
  return pagesOf(files).flatMap(({ path, text }) =>
    linksOf(text).flatMap((link) => {
      if (/^(https?|mailto):/.test(link)) return [];
      const [target = '', heading] = link.split('#');
      const place = target === '' ? path : resolvePath(path, target);
      if (!texts.has(place) && !folders.has(place)) return [`${path}: link to ${link}, which is not there`];
      if (heading === undefined || headingsOf(texts.get(place) ?? '').has(heading)) return [];
      return [`${path}: link to ${link}, but ${place} has no such heading`];
    }),
  );
}

/** Paths that pages name in backquotes, as `src/gates/gate.ts`, and that are not there. Patterns and placeholders are no paths. */
export function namedPathProblems(files: readonly ProjectFile[], builtFolders: readonly string[]): readonly string[] {
  const known = new Set(files.flatMap(({ path }) => [path, ...parentsOf(path)]));
  return pagesOf(files).flatMap(({ path, text }) =>
    [...withoutFences(text).matchAll(/`((?:src|wrapper|test|build|docs|policies|dist|\.ci|\.github)\/[\w./-]*)`/g)]
      .map(([, named = '']) => named.replace(/\/$/, ''))
      .filter((named) => !known.has(named) && !builtFolders.some((folder) => named.startsWith(`${folder}/`)))
      .map((named) => `${path}: names ${named}, which is not there`),
  );
}

/** The commands of the fenced block of README.md that ends in the tests, one a line of the CI script, in order. */
export function ciProblems(readme: string, script: string): readonly string[] {
  const command = /```sh\n(.*\bnpm test)\n```/.exec(readme)?.[1];
  if (command === undefined) return ['README.md: no fenced command that ends in npm test'];
  const lines = script.split('\n').map((line) => line.trim());
  const places = command.split('&&').map((part) => lines.indexOf(part.trim()));
  const inOrder = places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
  return inOrder ? [] : [`.ci/run: does not run ${command}, one command a line`];
}

function pagesOf(files: readonly ProjectFile[]): readonly ProjectFile[] {
  return files.filter(({ path }) => path.endsWith('.md') && !path.startsWith('dist/'));
}

function linksOf(text: string): readonly string[] {
  return [
    ...withoutFences(text)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g),
  ].map(([, link = '']) => link);
}

function headingsOf(text: string): ReadonlySet<string> {
  const headings = [...withoutFences(text).matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function withoutFences(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}

function resolvePath(from: string, target: string): string {
  const url = new URL(target, `file:///${from}`);
  return decodeURIComponent(url.pathname).slice(1).replace(/\/$/, '');
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
