// The report's page: a plain script, embedded as it is. `AsciinemaPlayer` is the player's, embedded before it.
const facts = JSON.parse(document.getElementById('facts').textContent);
const { verification, operations, operationsLeftOut, commands, recordings, recordingsLeftOut } = facts;
const root = document.getElementById('report');
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g;
const SHOWN_AT_ONCE = 200;

/** Text only: nothing of the bundle is ever markup. What could hide or reorder other text is shown by its code point. */
function put(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) fill(element, String(text));
  parent.append(element);
  return element;
}

function fill(element, text) {
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    element.append(text.slice(from, match.index));
    const mark = document.createElement('span');
    mark.className = 'hidden-character';
    mark.textContent = `U+${match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    element.append(mark);
    from = match.index + match[0].length;
  }
  element.append(text.slice(from));
}

const VERDICTS = {
  sealed: {
    anchored: [
      'good',
      'Sealed, complete and vouched for',
      'Nothing was changed, dropped or added since, and a party outside vouches for the key that signed it.',
    ],
    local: [
      'fair',
      'Sealed and complete, made on a machine of its own',
      'Nothing was changed since it was signed; only the machine that made it vouches for the key.',
    ],
    unanchored: [
      'fair',
      'Sealed and complete, not vouched for',
      'Nothing was changed since it was signed; no key from outside was given that vouches for the signer. Use duty-gate verify with --keys.',
    ],
  },
  unsealed: [
    'fair',
    'Not sealed',
    'The session ended before its time. What is here is consistent up to its last entry; what came after is missing.',
  ],
  broken: ['bad', 'Broken', 'This evidence does not verify: what it shows may not be what happened.'],
};

function head() {
  const header = put(root, 'header');
  const found = VERDICTS[verification.verdict];
  const [mood, title, why] = Array.isArray(found) ? found : found[verification.anchoring];
  put(header, 'p', 'duty-gate · session report', 'eyebrow');
  const verdict = put(header, 'section', null, `verdict ${mood}`);
  put(verdict, 'h1', title);
  put(verdict, 'p', why);
  for (const { where, what } of verification.problems) put(verdict, 'p', `${where}: ${what}`, 'problem');
  counts(header);
  who(header);
}

function counts(parent) {
  const { allowed, refused, masked, commands: ran, connections } = verification.counts;
  const list = put(parent, 'dl', null, 'counts');
  for (const [name, value, mood] of [
    ['allowed', allowed, 'good'],
    ['refused', refused, refused > 0 ? 'bad' : ''],
    ['values masked', masked, ''],
    ['commands', ran, ''],
    ['connections', connections, ''],
  ]) {
    const item = put(list, 'div', null, mood);
    put(item, 'dd', value.toLocaleString('en'));
    put(item, 'dt', name);
  }
}

function who(parent) {
  const { session, from, to } = verification;
  if (session === null) return;
  const { claims, policySource: source } = session;
  const facts = [
    ['Duty', session.chain.map(({ duty }) => duty).join(' → ')],
    ['Who', session.chain.map(({ principal }) => principal).join(' → ')],
    ['When', `${from} to ${to}`],
    ['Issuer', session.issuer],
    [
      'Run',
      claims.run_id && `${claims.repository}, run ${claims.run_id}, attempt ${claims.run_attempt}, ${claims.event_name} on ${claims.ref}`,
    ],
    ['Workflow', claims.workflow_ref],
    ['Policy', `${source ? `${source.repository}: ${source.path} at ${source.commit} · ` : ''}SHA-256 ${session.policySha256}`],
    ['Session', `${session.session}, gateway ${session.gateway}`],
    ['Confinement', `${session.confinement}, as the wrapper claims`],
  ];
  const list = put(parent, 'dl', null, 'facts');
  for (const [name, value] of facts) {
    if (!value) continue;
    put(list, 'dt', name);
    put(list, 'dd', value);
  }
  for (const note of verification.notes) put(parent, 'p', note, 'note');
}

function terminals() {
  if (commands.length === 0) return;
  const section = put(root, 'section');
  put(section, 'h2', 'Commands');
  for (const { link, argv, started, ended, result } of commands) {
    const recording = recordings.find((each) => each.link === link);
    const box = put(section, 'details', null, 'command');
    const summary = put(box, 'summary');
    put(summary, 'span', link, 'link');
    put(summary, 'code', argv);
    put(summary, 'span', result ?? 'no end recorded', result === 'exit code 0' ? 'good tag' : 'bad tag');
    put(box, 'p', `${started}${ended ? ` to ${ended}` : ''}`, 'quiet');
    if (recordingsLeftOut.includes(link)) put(box, 'p', 'Its recording is too large for this page: see duty-gate replay.', 'note');
    if (!recording) continue;
    const screen = put(box, 'div', null, 'screen');
    let player = null;
    box.addEventListener('toggle', () => {
      if (box.open && player === null)
        player = AsciinemaPlayer.create({ data: recording.cast }, screen, {
          idleTimeLimit: 2,
          fit: 'width',
          preload: true,
          poster: 'npt:3600',
        });
    });
    if (commands.length === 1) box.open = true;
  }
}

function operationsList() {
  const section = put(root, 'section');
  put(section, 'h2', 'Operations');
  const bar = put(section, 'form', null, 'bar');
  bar.setAttribute('role', 'search');
  bar.addEventListener('submit', (event) => event.preventDefault());
  const choice = put(bar, 'select');
  choice.setAttribute('aria-label', 'Which operations');
  for (const [value, name] of [
    ['all', 'all'],
    ['refused', 'refused'],
    ['masked', 'with masked values'],
  ])
    put(choice, 'option', name).value = value;
  const search = put(bar, 'input');
  search.type = 'search';
  search.placeholder = 'Search statements, targets, reasons';
  search.setAttribute('aria-label', 'Search');
  const status = put(bar, 'output', '', 'quiet');
  const list = put(section, 'ol', null, 'operations');
  const more = put(section, 'button', 'Show more');
  more.type = 'button';
  const texts = operations.map((each) => [each.statement, each.target, ...each.reasons, ...each.effects].join('\n').toLowerCase());
  let shown = [];
  let upTo = 0;
  const extend = () => {
    for (const index of shown.slice(upTo, upTo + SHOWN_AT_ONCE)) operation(list, operations[index]);
    upTo = Math.min(shown.length, upTo + SHOWN_AT_ONCE);
    more.hidden = upTo >= shown.length;
  };
  const refresh = () => {
    const word = search.value.toLowerCase();
    shown = operations.flatMap((each, index) => (matches(each, choice.value) && texts[index].includes(word) ? [index] : []));
    upTo = 0;
    list.replaceChildren();
    extend();
    status.textContent = `${shown.length} of ${operations.length + operationsLeftOut}${operationsLeftOut > 0 ? `; ${operationsLeftOut} more are in the bundle only` : ''}`;
  };
  more.addEventListener('click', extend);
  choice.addEventListener('change', refresh);
  search.addEventListener('input', refresh);
  refresh();
}

function matches(operation, which) {
  if (which === 'refused') return operation.outcome !== 'allow';
  return which === 'all' || (operation.end?.masked ?? 0) > 0;
}

function operation(list, { at, link, target, statement, cut, outcome, rules, effects, reasons, end }) {
  const refused = outcome !== 'allow';
  const item = put(list, 'li', null, refused ? 'refused' : '');
  const line = put(item, 'p', null, 'line');
  put(line, 'time', at.slice(11, 23)).dateTime = at;
  put(line, 'span', refused ? outcome.replace('deny', 'refused') : 'allowed', `${refused ? 'bad' : 'good'} tag`);
  put(line, 'span', target, 'target');
  if (link) put(line, 'span', `command ${link}`, 'quiet');
  if (end)
    put(
      line,
      'span',
      `${end.status}${end.code ? ` ${end.code}` : ''} · ${end.rows} rows${end.masked > 0 ? ` · ${end.masked} masked` : ''} · ${(end.micros / 1000).toFixed(1)} ms`,
      'quiet',
    );
  put(item, 'pre', statement);
  if (cut > 0) put(item, 'p', `${cut} more characters are in the bundle.`, 'note');
  for (const reason of reasons) put(item, 'p', reason, 'reason');
  const small = [effects.join(', '), rules.length > 0 ? `by ${rules.join(', ')}` : ''].filter(Boolean).join(' · ');
  if (small) put(item, 'p', small, 'quiet');
}

root.replaceChildren();
head();
terminals();
operationsList();
