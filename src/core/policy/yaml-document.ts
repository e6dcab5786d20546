import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument, type YAMLError } from 'yaml';
import { type Fault, type Path, type PolicyProblem, PROBLEMS_MAX, pathText, printable } from './problems.ts';
import { textProblems } from './yaml-text.ts';

/**
 * YAML 1.2 as data with places: one document, string keys, each once; no anchors, aliases, tags or directives, since
 * each of them makes a text mean something else than it shows.
 */
export type YamlData = {
  readonly value: unknown;
  /** What is wrong with the document although it can be read. */
  readonly problems: readonly PolicyProblem[];
  problem(fault: Fault): PolicyProblem;
};

export type YamlReading =
  | { readonly ok: true; readonly data: YamlData }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** A policy nests seven deep. */
export const NESTING_MAX = 32;

export function readYaml(text: string): YamlReading {
  const unreadable = textProblems(text);
  if (unreadable.length > 0) return { ok: false, problems: unreadable };

  const lines = new LineCounter();
  const document = parseSafely(text, lines);
  if (document === null)
    return { ok: false, problems: [{ line: 1, column: 1, path: '', message: 'the policy is nested too deeply to be read' }] };
  const errors = [...document.errors, ...document.warnings].slice(0, PROBLEMS_MAX);
  if (errors.length > 0) return { ok: false, problems: errors.map((error) => syntaxProblem(error, lines)) };
  return { ok: true, data: convertDocument(document, lines) };
}

/** Null where the text overflows the parser's stack. Duplicate keys are found in `convert`: the parser's own check is quadratic. */
function parseSafely(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      strict: true,
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'error', // 'silent' would pass over a second document
      lineCounter,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

type Places = Map<string, { readonly key: number; readonly value: number }>;
type Conversion = {
  readonly places: Places;
  readonly faults: { readonly offset: number; readonly path: Path; readonly message: string }[];
};

function convertDocument(document: Document.Parsed, lines: LineCounter): YamlData {
  const conversion: Conversion = { places: new Map([['', { key: 0, value: 0 }]]), faults: [] };
  if (document.directives.yaml.explicit || Object.keys(document.directives.tags).length > 1) {
    conversion.faults.push({ offset: 0, path: [], message: 'begins with a YAML directive, expected none' });
  }
  const value = convert(document.contents, [], conversion);
  const place = (offset: number, path: Path, message: string): PolicyProblem => {
    const { line, col } = lines.linePos(offset);
    return {
      line: Math.max(1, line),
      column: Math.max(1, col),
      path: pathText(path),
      message: path.length === 0 ? `the policy ${message}` : message,
    };
  };
  return {
    value,
    problems: conversion.faults.map(({ offset, path, message }) => place(offset, path, message)),
    problem: ({ path, at, message }) => place(offsetOf(conversion.places, path, at), path, message),
  };
}

function convert(node: ParsedNode | null, path: Path, conversion: Conversion): unknown {
  if (node === null) return null;
  const refuse = (message: string) => conversion.faults.push({ offset: node.range[0], path, message });
  if (isAlias(node)) {
    refuse('is an alias; write the value out');
    return null;
  }
  if (node.anchor !== undefined) refuse('has an anchor; anchors and aliases are not used here');
  if (node.tag !== undefined) refuse('has a tag; tags are not used here');
  if (path.length > NESTING_MAX) {
    refuse(`is nested deeper than ${NESTING_MAX} levels`);
    return null;
  }
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item, index) => convertAt(item, [...path, index], item.range[0], conversion));
  return isMap(node) ? convertMap(node.items, path, conversion) : null;
}

type MapItems = readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[];

function convertMap(items: MapItems, path: Path, conversion: Conversion): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>();
  for (const { key, value } of items) {
    const offset = key.range[0];
    const refuse = (at: Path, message: string) => conversion.faults.push({ offset, path: at, message });
    if (key.anchor !== undefined || key.tag !== undefined) refuse(path, 'has a key with an anchor or tag');
    if (!isScalar(key) || typeof key.value !== 'string') {
      refuse(path, 'has a key that is not text: quote it');
      continue;
    }
    const here = [...path, key.value];
    if (key.value === '__proto__') refuse(here, 'is not a name that can be used');
    else if (entries.has(key.value)) refuse(here, `key "${printable(key.value)}" appears twice`);
    else entries.set(key.value, convertAt(value, here, offset, conversion));
  }
  return Object.fromEntries(entries);
}

function convertAt(node: ParsedNode | null, path: Path, keyOffset: number, conversion: Conversion): unknown {
  conversion.places.set(placeKey(path), { key: keyOffset, value: node === null ? keyOffset : node.range[0] });
  return convert(node, path, conversion);
}

/** The place of a path, or of the nearest thing around it that is there. */
function offsetOf(places: Places, path: Path, at: 'key' | 'value'): number {
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(placeKey(path.slice(0, length)));
    if (place !== undefined) return length === path.length ? place[at] : place.key;
  }
  return 0;
}

function placeKey(path: Path): string {
  return path.length === 0 ? '' : JSON.stringify(path);
}

/** In our own words, by code: the parser's messages quote the text, which may hold a secret. */
function syntaxProblem(error: YAMLError, lines: LineCounter): PolicyProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  return { line: Math.max(1, line), column: Math.max(1, col), path: '', message: SYNTAX[error.code] };
}

const SYNTAX: Readonly<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: 'an alias has an anchor or tag',
  BAD_ALIAS: 'an alias names nothing',
  BAD_COLLECTION_TYPE: 'a tag does not fit its value',
  BAD_DIRECTIVE: 'a YAML directive is malformed',
  BAD_DQ_ESCAPE: 'an escape in double quotes is not one of YAML',
  BAD_INDENT: 'the indentation is wrong',
  BAD_PROP_ORDER: 'an anchor or tag is out of place',
  BAD_SCALAR_START: 'a plain value begins with a character that needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a nested key or list begins on its key’s own line',
  BLOCK_IN_FLOW: 'a block stands within brackets or braces',
  DUPLICATE_KEY: 'a key appears twice',
  IMPOSSIBLE: 'the YAML cannot be read',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing, such as a closing quote, bracket or colon',
  MULTILINE_IMPLICIT_KEY: 'a key spans several lines, or a colon is missing',
  MULTIPLE_ANCHORS: 'a value has several anchors',
  MULTIPLE_DOCS: 'a second YAML document begins here, expected one',
  MULTIPLE_TAGS: 'a value has several tags',
  NON_STRING_KEY: 'a key is not text: quote it',
  RESOURCE_EXHAUSTION: 'the YAML is nested too deeply',
  TAB_AS_INDENT: 'a tab is used as indentation, expected spaces',
  TAG_RESOLVE_FAILED: 'a tag is not used here',
  UNEXPECTED_TOKEN: 'the YAML has something here that does not belong',
};
