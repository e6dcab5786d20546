import { isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';

export const SECRETS_BYTES_MAX = 1024 * 1024;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;

export type ParsedSecrets =
  | { readonly ok: true; readonly secrets: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly line: number | null; readonly state: string };

/**
 * The input `secrets`: a YAML map of names to values. The workflow pastes values into the text, so a value may read as YAML in
 * a way nobody meant (`#` begins a comment, a second line folds into the first, `*` names an alias): what would silently become
 * another value than the one pasted is refused, by line and without a word of what stands there (P5).
 */
export function parseSecretsInput(text: string): ParsedSecrets {
  if (text.trim() === '') return { ok: true, secrets: {} };
  if (Buffer.byteLength(text) > SECRETS_BYTES_MAX) return fault(null, `it is longer than ${SECRETS_BYTES_MAX} bytes`);
  const lines = new LineCounter();
  // `failsafe`: every scalar is the text that stands there; a password of digits stays what it is.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, logLevel: 'error' });
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) return fault(lineOf(error.pos[0]), `it is no YAML (${error.code})`);
  // A second document would be passed over, and what stands before a first `---` is for the parser.
  if (document.directives?.docStart === true) return fault(1, 'it has directives or a --- of its own');
  if (document.comment || document.commentBefore) return fault(null, COMMENT);
  const { contents } = document;
  if (!isMap(contents) || contents.flow === true) return fault(1, 'it is no map of names, one a line');
  const secrets: Record<string, string> = Object.create(null);
  for (const { key, value } of contents.items) {
    const line = lineOf(key.range[0]);
    const state = nameFault(key, secrets) ?? valueFault(value, text);
    if (state !== null || !isScalar(key) || !isScalar(value)) return fault(line, state ?? 'it is no text');
    secrets[String(key.value)] = String(value.value);
  }
  return contents.comment || contents.commentBefore ? fault(null, COMMENT) : { ok: true, secrets: { ...secrets } };
}

const COMMENT = 'it has a comment, which may be the rest of a value';

function nameFault(key: ParsedNode, secrets: Readonly<Record<string, string>>): string | null {
  if (!isScalar(key) || typeof key.value !== 'string' || !NAME.test(key.value)) return `its name is none: letters, digits, - and _`;
  if (isDecorated(key)) return 'its name has an anchor, a tag or a comment';
  return key.value in secrets ? 'its name stands there twice' : null;
}

function valueFault(value: ParsedNode | null, text: string): string | null {
  if (!isScalar(value) || typeof value.value !== 'string') return 'its value is no text';
  if (isDecorated(value)) return value.comment || value.commentBefore ? COMMENT : 'its value has an anchor or a tag';
  if (value.value === '') return 'its value is empty: no such secret, or not for this job';
  const [start, end] = value.range;
  const folds = value.type === 'PLAIN' || value.type === 'QUOTE_SINGLE' || value.type === 'QUOTE_DOUBLE';
  return folds && text.slice(start, end).includes('\n') ? 'its value has several lines, which YAML folds into one' : null;
}

function isDecorated(node: Node & { readonly anchor?: string | undefined; readonly comment?: string | null | undefined }): boolean {
  return Boolean(node.anchor || node.tag || node.comment || node.commentBefore);
}

function fault(line: number | null, state: string): ParsedSecrets {
  return { ok: false, line, state };
}
