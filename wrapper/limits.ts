/** `/proc/PID/limits` names → those of setrlimit(2) in small letters; units are the same in both. */
const RESOURCES: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max resident set': 'rss',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max address space': 'as',
  'Max file locks': 'locks',
  'Max pending signals': 'sigpending',
  'Max msgqueue size': 'msgqueue',
  'Max nice priority': 'nice',
  'Max realtime priority': 'rtprio',
  'Max realtime timeout': 'rttime',
};

type Limit = { readonly soft: string; readonly hard: string };

/**
 * `RESOURCE=SOFT:HARD` words that give the command the limits its caller had: sudo's PAM sets its own, and Node raises the soft
 * limit of open files to the hard one when it starts, for its children too.
 *
 * @param own `/proc/self/limits`.
 * @param parent `/proc/PPID/limits`, of the shell that started us, whose soft limit of open files nobody raised; or null.
 */
export function limitWords(own: string, parent: string | null): readonly string[] {
  const limits = parse(own);
  const files = limits.get('nofile');
  const before = parent === null ? undefined : parse(parent).get('nofile');
  if (files !== undefined && before !== undefined && isLower(before.soft, files.soft)) {
    limits.set('nofile', { soft: before.soft, hard: files.hard });
  }
  return [...limits].map(([option, { soft, hard }]) => `${option}=${soft}:${hard}`);
}

function parse(text: string): Map<string, Limit> {
  const limits = new Map<string, Limit>();
  for (const line of text.split('\n')) {
    const match = /^(Max [a-z ]+?) {2,}(unlimited|\d+) +(unlimited|\d+)/.exec(line);
    const option = match?.[1] === undefined ? undefined : RESOURCES[match[1]];
    if (match?.[2] !== undefined && match[3] !== undefined && option !== undefined) limits.set(option, { soft: match[2], hard: match[3] });
  }
  return limits;
}

function isLower(a: string, b: string): boolean {
  return a !== 'unlimited' && (b === 'unlimited' || BigInt(a) < BigInt(b));
}
