/** What must not be shown, and the forms in which it is known to turn up (the runner's own list but for its PowerShell forms). */
export class Masks {
  readonly #hidden = new Set<string>();

  constructor(secrets: Iterable<string>) {
    for (const secret of secrets) this.add(secret);
  }

  /** The value, and each line of it. */
  add(secret: string): void {
    for (const value of [secret, ...secret.split(/[\r\n]/).map((line) => line.trim())]) {
      if (value === '') continue;
      for (const form of formsOf(value)) if (form !== '') this.#hidden.add(form);
    }
  }

  /** Finds that overlap or touch are hidden by one `***`. */
  hide(text: string): string {
    const found = [...this.#hidden].flatMap((value) => placesOf(text, value)).sort((a, b) => a.from - b.from);
    const merged: Place[] = [];
    for (const { from, to } of found) {
      const last = merged.at(-1);
      if (last === undefined || from > last.to) merged.push({ from, to });
      else last.to = Math.max(last.to, to);
    }
    const ends = [0, ...merged.map(({ to }) => to)];
    return merged.map(({ from }, index) => `${text.slice(ends[index], from)}***`).join('') + text.slice(ends.at(-1));
  }
}

type Place = { readonly from: number; to: number };

function placesOf(text: string, value: string): Place[] {
  const places: Place[] = [];
  for (let from = text.indexOf(value); from >= 0; from = text.indexOf(value, from + 1)) places.push({ from, to: from + value.length });
  return places;
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const shifted = [1, 2].filter((shift) => bytes.length > shift).map((shift) => bytes.subarray(shift).toString('base64'));
  return [
    ...[value, bytes.toString('base64'), ...shifted],
    ...[value.replaceAll('"', '\\"'), value.replaceAll("'", "''"), JSON.stringify(value).slice(1, -1), encodeText(value)],
    ...[escapeXml(value), value.length > 8 && /^".*"$/s.test(value) ? value.slice(1, -1) : ''],
  ];
}

/** Not of lone surrogates, which have no such form. */
function encodeText(value: string): string {
  return value.isWellFormed()
    ? encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    : '';
}

function escapeXml(value: string): string {
  const names: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' };
  return value.replace(/[<>"'&]/g, (sign) => names[sign] ?? sign);
}
