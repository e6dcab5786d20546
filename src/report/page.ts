import { createHash } from 'node:crypto';
import type { Gathered } from './gatherer.ts';
import type { ReportHead } from './head.ts';

export type ReportAssets = {
  readonly styles: readonly string[];
  readonly playerScript: string;
  /** Modules, which run one after the other once the page is there. */
  readonly scripts: readonly string[];
};

export type ReportRecording = { readonly link: string; readonly cast: string; readonly cut: string | null };

export type ReportFacts = Gathered & {
  readonly head: ReportHead;
  readonly recordings: readonly ReportRecording[];
};

/**
 * One self-contained page. What is in a bundle is hostile: all of it travels as JSON in which no `<` occurs, is put into the page
 * as text only, and the policy of the page lets nothing run, draw, load or connect but the scripts and styles that are named by hash.
 */
export function reportPage(facts: ReportFacts, { styles, playerScript, scripts }: ReportAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src ${[playerScript, ...scripts].map(hash).join(' ')} 'wasm-unsafe-eval'`,
    `style-src ${styles.map(hash).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>duty-gate report</title>
${styles.map((style) => `<style>${style}</style>`).join('\n')}
</head>
<body>
<main id="report"><noscript>This report needs JavaScript, which it brings along; it loads nothing from anywhere.</noscript></main>
<script type="application/json" id="facts">${json(facts)}</script>
<script>${playerScript}</script>
${scripts.map((script) => `<script type="module">${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** As the browser hashes it: the text between the tags, which these two would end early or hide the end of. */
function hash(text: string): string {
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new RangeError('Cannot make a report: a script or style of ours would end itself');
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/** No `<`, so that no text ends the element; lone surrogates survive as escapes. */
function json(facts: ReportFacts): string {
  return JSON.stringify(facts).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
