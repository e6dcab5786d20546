export type Annotation = {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly title?: string;
};

/** At most this many of a level are shown, each cut there. */
const ANNOTATIONS_MAX = 10;
const MESSAGE_CHARACTERS_MAX = 4096;

/** What the runner makes of a step's two outputs, line by line: commands are carried out, secrets hidden, the rest is the log. */
export class StepLog {
  readonly annotations: Annotation[] = [];
  readonly outputs = new Map<string, string>();
  readonly state = new Map<string, string>();
  readonly #masks: Set<string>;
  readonly #emit: (text: string) => void;
  #lines: string[] = [];
  #stopToken: string | null = null;

  constructor(masks: Set<string>, emit: (text: string) => void) {
    this.#masks = masks;
    this.#emit = emit;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  take(line: string): void {
    const command = parseCommand(line);
    if (this.#stopToken !== null) {
      if (command?.name === this.#stopToken) this.#stopToken = null;
      this.#print(line);
    } else if (command === null || !this.#obey(command)) this.#print(line);
  }

  #obey({ name, properties, data }: Command): boolean {
    switch (name) {
      case 'add-mask':
        for (const value of [data, ...data.split(/\r?\n/)]) if (value.trim() !== '') this.#masks.add(value);
        return true;
      case 'stop-commands':
        this.#stopToken = data;
        return true;
      case 'set-output':
        this.outputs.set(properties['name'] ?? '', data);
        return true;
      case 'save-state':
        this.state.set(properties['name'] ?? '', data);
        return true;
      case 'error':
      case 'warning':
      case 'notice':
        this.#annotate(name, properties, data);
        return true;
      case 'debug':
        return true;
      case 'group':
      case 'endgroup':
        this.#print(`##[${name}]${data}`);
        return true;
      default:
        return false;
    }
  }

  #annotate(level: Annotation['level'], { file, line, title }: Record<string, string>, data: string): void {
    this.#print(`##[${level}]${data}`);
    if (this.annotations.filter((each) => each.level === level).length >= ANNOTATIONS_MAX) return;
    this.annotations.push({
      level,
      message: this.#mask(data).slice(0, MESSAGE_CHARACTERS_MAX),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line: Number(line) }),
      ...(title === undefined ? {} : { title }),
    });
  }

  #print(line: string): void {
    const masked = this.#mask(line);
    this.#lines.push(masked);
    this.#emit(masked);
  }

  #mask(text: string): string {
    return [...this.#masks].sort((a, b) => b.length - a.length).reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  }
}

type Command = { readonly name: string; readonly properties: Record<string, string>; readonly data: string };

/** `::name key=value,…::data` at a line's start, `##[name key=value;…]data` anywhere in it. */
function parseCommand(line: string): Command | null {
  const [, name, list = '', data = ''] = /^\s*::([^\s:]+)(?: ([^:]*(?:%3A[^:]*)*))?::(.*)$/s.exec(line) ?? [];
  if (name !== undefined) return { name: name.toLowerCase(), properties: pairs(list, ','), data: unescapeText(data) };
  const [, old, oldList = '', oldData = ''] = /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line) ?? [];
  return old === undefined ? null : { name: old.toLowerCase(), properties: pairs(oldList, ';'), data: unescapeText(oldData) };
}

function pairs(text: string, separator: string): Record<string, string> {
  return Object.fromEntries(
    text.split(separator).flatMap((pair) => {
      const at = pair.indexOf('=');
      return at <= 0 ? [] : [[pair.slice(0, at).trim(), unescapeText(pair.slice(at + 1))] as const];
    }),
  );
}

function unescapeText(text: string): string {
  return text.replace(/%(25|0D|0A|3A|2C)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
