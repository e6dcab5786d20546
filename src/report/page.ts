import { createHash } from 'node:crypto';
import type { ReportData } from './report-data.ts';

export type ReportAssets = {
  readonly style: string;
  readonly script: string;
  readonly playerStyle: string;
  readonly playerScript: string;
};

export type ReportRecording = { readonly link: string; readonly cast: string };

export type ReportFacts = ReportData & {
  readonly recordings: readonly ReportRecording[];
  /** Links whose recording was too large to go along. */
  readonly recordingsLeftOut: readonly string[];
};

/**
 * One self-contained page. What is in a bundle is hostile: all of it travels as JSON in which no `<` occurs, is put into the page
 * as text only, and the policy of the page lets nothing run, load or connect but the two scripts that are named by hash.
 */
export function reportPage(facts: ReportFacts, assets: ReportAssets): string {
  const { style, script, playerStyle, playerScript } = assets;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(playerScript)} ${hash(script)} 'wasm-unsafe-eval'`,
    // The player sizes and colours its cells by style attributes.
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>duty-gate report</title>
<style>${playerStyle}</style>
<style>${style}</style>
</head>
<body>
<main id="report"><noscript>This report needs JavaScript, which this page brings along; nothing is loaded from anywhere.</noscript></main>
<script type="application/json" id="facts">${json(facts)}</script>
<script>${playerScript}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hash(script: string): string {
  if (/<\/script/i.test(script)) throw new RangeError('Cannot make a report: a script of ours would end itself');
  return `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`;
}

/** No `<`, so that no text ends the element; lone surrogates survive as escapes. */
function json(facts: ReportFacts): string {
  return JSON.stringify(facts).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
