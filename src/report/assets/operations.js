// The list of operations: filter, search, a part at a time.
const { put, putTime, plural } = window.dutyGateReport;

const SHOWN_AT_ONCE = 200;
/** Paper has no button for more. */
const PRINTED_MAX = 2000;

const FILTERS = [
  ['all', 'All', () => true],
  ['refused', 'Refused', ({ outcome }) => outcome !== 'allow'],
  ['masked', 'Masked', ({ end }) => end !== null && end.masked > 0],
  [
    'failed',
    'Failed or not ended',
    ({ outcome, end }) => outcome === 'allow' && (end === null || end.status === 'error' || end.status === 'cut'),
  ],
];

const OUTCOMES = { allow: 'allowed', deny: 'refused', unjudgeable: 'refused, cannot be judged', 'over-limit': 'refused, over a limit' };
const REASONS = [
  [/^nothing-allows$/, () => 'No rule allows it'],
  [/^unknown-effect$/, () => 'Its effect is unknown'],
  [/^denied-by-rule (.+)$/, (rule) => `Denied by rule ${rule}`],
];

function operationsList(root, { operations, operationsLeftOut, commands, head }) {
  const section = put(root, 'section');
  section.id = 'operations';
  put(section, 'h2', 'Operations');
  if (operations.length === 0) {
    put(section, 'p', 'There are none.', 'quiet');
    return;
  }
  tellLeftOut(section, operationsLeftOut);
  const { filter, command, search, status } = controls(section, operations, commands);
  const list = put(section, 'ol', null, 'operations');
  const more = put(section, 'button', 'Show more');
  more.type = 'button';
  const texts = operations.map(searchable);
  const days = new Set(operations.map(({ at }) => at.slice(0, 10))).size > 1;
  let shown = [];
  let upTo = 0;
  const extend = (count) => {
    for (const operation of shown.slice(upTo, upTo + count)) putOperation(list, operation, { days, duty: head.duty });
    upTo = Math.min(shown.length, upTo + count);
    more.hidden = upTo >= shown.length;
    const all = `${shown.length.toLocaleString('en')} of ${plural(operations.length, 'operation')}`;
    status.textContent = upTo < shown.length ? `${all}, the first ${upTo.toLocaleString('en')} shown` : all;
  };
  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [, , fits] = FILTERS.find(([name]) => name === filter());
    shown = operations.filter(
      (each, index) =>
        fits(each) && (command.value === '' || each.link === command.value) && words.every((word) => texts[index].includes(word)),
    );
    upTo = 0;
    list.replaceChildren();
    extend(SHOWN_AT_ONCE);
  };
  more.addEventListener('click', () => {
    const next = upTo;
    extend(SHOWN_AT_ONCE);
    list.children[next]?.querySelector('.what')?.focus();
  });
  window.addEventListener('beforeprint', () => extend(Math.max(0, PRINTED_MAX - upTo)));
  section.addEventListener('change', refresh);
  search.addEventListener('input', refresh);
  refresh();
}

function tellLeftOut(section, { allowed, refused }) {
  for (const [count, sort] of [
    [allowed, 'allowed'],
    [refused, 'refused'],
  ])
    if (count > 0)
      put(
        section,
        'p',
        `${plural(count, `${sort} operation`)} more ${count === 1 ? 'is' : 'are'} in the evidence only: too many for this page.`,
        'note',
      );
}

function controls(section, operations, commands) {
  const bar = put(section, 'form', null, 'bar');
  bar.setAttribute('role', 'search');
  bar.addEventListener('submit', (event) => event.preventDefault());
  const filters = put(bar, 'fieldset', null, 'filters');
  put(filters, 'legend', 'Which operations');
  for (const [name, title, fits] of FILTERS) {
    const label = put(filters, 'label');
    const radio = put(label, 'input');
    Object.assign(radio, { type: 'radio', name: 'filter', value: name, checked: name === 'all' });
    put(label, 'span', `${title} ${operations.filter(fits).length.toLocaleString('en')}`);
  }
  const command = put(bar, 'select');
  command.setAttribute('aria-label', 'Of which command');
  put(command, 'option', 'of any command').value = '';
  for (const { link } of commands) put(command, 'option', `of command ${link}`).value = link;
  command.hidden = commands.length < 2;
  const search = put(bar, 'input');
  Object.assign(search, { type: 'search', placeholder: 'Search statements, objects, reasons', autocomplete: 'off', spellcheck: false });
  search.setAttribute('aria-label', 'Search operations');
  const status = put(bar, 'output', '', 'quiet');
  return { filter: () => bar.elements.namedItem('filter').value, command, search, status };
}

function searchable({ statement, target, duty, effects, rules, reasons, parameters, end }) {
  return [statement, target, duty, ...effects, ...rules, ...reasons.map(reasonWords), ...parameters, end?.code ?? '']
    .join('\n')
    .toLowerCase();
}

/** Effects, objects and target first, the statement last (R14): its text is the client's. */
function putOperation(list, operation, { days, duty }) {
  const { n, at, link, target, outcome, effects, rules, reasons, statement, cut, parameters } = operation;
  const refused = outcome !== 'allow';
  const item = put(list, 'li', null, refused ? 'refused' : '');
  item.id = `operation-${n}`;
  const line = put(item, 'p', null, 'line');
  if (days) put(line, 'span', at.slice(0, 10), 'quiet day');
  putTime(line, at);
  put(line, 'span', OUTCOMES[outcome], `tag ${refused ? 'bad' : 'good'}`);
  const what = put(line, 'strong', effects.length === 0 ? 'what it would do cannot be told' : effects.join(', '), 'what');
  what.tabIndex = -1;
  put(line, 'span', `on ${target}`, 'target');
  for (const reason of reasons) put(item, 'p', reasonWords(reason), 'reason');
  put(item, 'pre', statement);
  if (cut > 0)
    put(item, 'p', `Cut here: ${plural(cut, 'more character')} of the statement ${cut === 1 ? 'is' : 'are'} in the evidence.`, 'note');
  if (parameters.length > 0) put(item, 'p', parameters.map((value, index) => `$${index + 1} = ${value}`).join('  '), 'parameters');
  const end = put(item, 'p', null, 'end');
  putEnd(end, operation);
  if (!refused && rules.length > 0) put(end, 'span', `rule ${rules.join(', ')}`);
  if (operation.duty !== duty) put(end, 'span', `duty ${operation.duty}`);
  if (link.startsWith('cage-')) put(end, 'span', `${link}, between commands or several at once`);
  else if (link) put(end, 'a', `command ${link}`).href = `#command-${link}`;
  put(end, 'span', `entry ${n}`);
}

function putEnd(parent, { outcome, end }) {
  if (outcome !== 'allow') return;
  if (end === null) {
    put(parent, 'span', 'no end recorded', 'bad');
    return;
  }
  const failed = end.status === 'error' || end.status === 'cut';
  put(parent, 'span', `${end.status}${end.code === null ? '' : ` ${end.code}`}`, failed ? 'bad' : '');
  put(parent, 'span', plural(end.rows, 'row'));
  if (end.masked > 0) put(parent, 'span', `${plural(end.masked, 'value')} masked`, 'masked');
  put(parent, 'span', `${(end.micros / 1000).toLocaleString('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 })} ms`);
}

/** The words of other sorts of refusals are sentences as they are. */
function reasonWords(reason) {
  for (const [pattern, words] of REASONS) {
    const match = pattern.exec(reason);
    if (match) return words(match[1]);
  }
  return reason;
}

window.dutyGateReport.operationsList = operationsList;
