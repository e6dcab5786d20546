/**
 * Whether some object in a JSON text has a member twice. Parsers differ in which one counts (RFC 8259 section 4), so that two
 * readers of one signed text could each see another. The text must be well-formed JSON.
 */
export function hasRepeatedMember(json: string): boolean {
  const open: (Set<string> | null)[] = [];
  let text = '';
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else if (isRepeated(open.at(-1), String(JSON.parse(text)))) return true;
  }
  return false;
}

function isRepeated(members: Set<string> | null | undefined, name: string): boolean {
  if (members?.has(name) === true) return true;
  members?.add(name);
  return false;
}
