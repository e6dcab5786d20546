// The report's page, built of the facts beside it. `AsciinemaPlayer` is the player's, embedded before this.
const { put, putList, putDetails, putTime, plural, operationsList } = window.dutyGateReport;
const facts = JSON.parse(document.getElementById('facts').textContent);
const { head, commands, commandsLeftOut, connections, connectionsLeftOut, incidents, operations, recordings, chains, linksLeftOut } = facts;

function top(root) {
  const header = put(root, 'header');
  put(header, 'p', 'duty-gate · session report', 'eyebrow');
  const verdict = put(header, 'section', null, `verdict ${head.mood}`);
  put(verdict, 'h1', head.title);
  put(verdict, 'p', head.meaning);
  for (const problem of head.problems) put(verdict, 'p', problem, 'problem');
  if (head.unconfined) alarm(header, 'Not confined: what ran could also reach the targets and the network past the gateway.');
  for (const { at, incident, clientKey } of incidents) {
    const known = {
      'second-open': `Somebody opened a second session here with key ${clientKey}, and it ended both`,
      'time-over': 'The time that the policy gives a session was over, and its commands were ended',
    };
    const what = Object.hasOwn(known, incident) ? known[incident] : `Incident ${incident} by key ${clientKey}`;
    alarm(header, `${what}, at ${at}.`);
  }
  for (const note of head.notes) put(header, 'p', note, 'note');
  counts(header);
  who(header);
  const nav = put(header, 'nav');
  nav.setAttribute('aria-label', 'Parts of this page');
  for (const part of ['commands', 'operations', 'connections']) put(nav, 'a', part).href = `#${part}`;
}

function alarm(parent, text) {
  put(parent, 'p', text, 'alarm').setAttribute('role', 'note');
}

function counts(parent) {
  const { allowed, refused, masked, withoutOutcome, commands: ran, connections: opened, connectionsRefused } = head.counts;
  const list = put(parent, 'dl', null, 'counts');
  for (const [name, value, mood] of [
    ['allowed', allowed, 'good'],
    ['refused', refused, refused > 0 ? 'bad' : ''],
    ['values masked', masked, ''],
    ['commands', ran, ''],
    ['connections', opened, ''],
    ...(connectionsRefused > 0 ? [['connections refused', connectionsRefused, 'bad']] : []),
    ...(withoutOutcome > 0 ? [['without an end', withoutOutcome, 'fair']] : []),
  ]) {
    const item = put(list, 'div', null, mood);
    put(item, 'dt', name);
    put(item, 'dd', value.toLocaleString('en'));
  }
}

function who(parent) {
  putList(parent, head.facts, 'facts');
  put(parent, 'p', head.factsAre, 'quiet');
  if (head.claims.length > 0) putList(putDetails(parent, 'All claims of the token', 'more'), head.claims, 'facts');
  put(putDetails(parent, 'What is proved, and what is only claimed', 'more'), 'pre', head.proof);
  const unsigned = put(parent, 'p', null, 'quiet');
  put(
    unsigned,
    'span',
    'This page was made of the evidence and nobody signed it: to be sure, run duty-gate verify on the evidence. Its last entry has SHA-256 ',
  );
  put(unsigned, 'code', head.last);
}

function commandsList(root) {
  const section = put(root, 'section');
  section.id = 'commands';
  put(section, 'h2', 'Commands');
  if (commands.length === 0) put(section, 'p', 'None was started.', 'quiet');
  for (const command of commands) putCommand(section, command);
  if (commandsLeftOut > 0) put(section, 'p', `${plural(commandsLeftOut, 'more command')} in the evidence only.`, 'note');
}

function putCommand(section, { link, argv, started, ended, result }) {
  const box = put(section, 'details', null, 'command');
  box.id = `command-${link}`;
  const summary = put(box, 'summary');
  put(summary, 'span', link, 'link');
  put(summary, 'code', argv, 'argv');
  put(summary, 'span', resultWords(result), `tag ${result?.exitCode === 0 ? 'good' : 'bad'}`);
  const times = put(box, 'p', null, 'quiet');
  putTime(times, started);
  times.append(ended === null ? ' to an end that is not recorded' : ' to ');
  if (ended !== null) putTime(times, ended);
  const ran = operations.filter((each) => each.link === link).length;
  times.append(` UTC · ${plural(ran, 'operation')}`);
  const recording = recordings.find((each) => each.link === link);
  if (recording === undefined) put(box, 'p', 'Its terminal was not recorded, or not as far as the evidence covers it.', 'note');
  else putTerminal(box, recording);
  if (commands.length === 1) box.open = true;
}

/** Who acted for whom; only where somebody did. */
function chainsList(root) {
  if (!chains.some(({ kind }) => kind === 'agent' || kind === 'delegated')) return;
  const section = put(root, 'section');
  section.id = 'chains';
  put(section, 'h2', 'On whose behalf');
  put(
    section,
    'p',
    'Each may do only what its duty and all duties above it allow. Operations are counted where the chain ended when they were asked for.',
    'quiet',
  );
  const lists = [put(section, 'ul', null, 'chain')];
  let item = null;
  for (const { depth, kind, link, name, duty, allowed, refused } of chains) {
    lists.length = Math.min(lists.length, depth + 1);
    if (lists.length <= depth) lists.push(put(item, 'ul'));
    item = put(lists.at(-1), 'li');
    put(item, 'span', CHAIN_WORDS[kind], 'quiet');
    if (kind === 'command' || kind === 'delegated') put(item, 'a', ` ${link} `).href = `#command-${link}`;
    put(item, 'code', name);
    put(item, 'span', ` as ${duty}`);
    if (allowed + refused > 0) put(item, 'span', ` · ${allowed} allowed, ${refused} refused`, refused > 0 ? 'bad' : 'good');
  }
  if (linksLeftOut > 0) put(section, 'p', `${plural(linksLeftOut, 'more link')} in the evidence only.`, 'note');
}

const CHAIN_WORDS = { job: 'job ', cage: "the job's ", command: 'command', delegated: 'started command', agent: 'agent seen: ' };

function resultWords(result) {
  if (result === null) return 'no end recorded';
  if (result.signal !== null) return `ended by ${result.signal}`;
  return result.exitCode === null ? 'ended, no one knows how' : `exit code ${result.exitCode}`;
}

/** Made when it is first looked at: a report may have many of them. */
function putTerminal(box, { link, cast, cut }) {
  const screen = put(box, 'div', null, 'screen');
  screen.setAttribute('role', 'group');
  screen.setAttribute('aria-label', `Terminal of command ${link}; the space bar plays and pauses`);
  if (cut !== null) put(box, 'p', `The recording goes on; ${cut}: see duty-gate replay.`, 'note');
  put(box, 'p', 'The terminal, which can be played, is not printed.', 'printed');
  let made = false;
  box.addEventListener('toggle', () => {
    if (!box.open || made) return;
    made = true;
    const options = { idleTimeLimit: 2, fit: 'width', preload: true, controls: true, poster: 'npt:99999999', theme: 'asciinema' };
    window.AsciinemaPlayer.create({ data: cast }, screen, options);
  });
}

function connectionsList(root) {
  const section = put(root, 'section');
  section.id = 'connections';
  put(section, 'h2', 'Connections');
  if (connections.length === 0) {
    put(section, 'p', 'There are none.', 'quiet');
    return;
  }
  const wide = put(section, 'div', null, 'wide');
  wide.tabIndex = 0;
  wide.setAttribute('role', 'region');
  wide.setAttribute('aria-label', 'Connections');
  const table = put(wide, 'table');
  const names = put(put(table, 'thead'), 'tr');
  for (const name of ['Opened, UTC', 'Closed, UTC', 'Target', 'Command', '']) put(names, 'th', name).scope = 'col';
  const rows = put(table, 'tbody');
  for (const { at, closed, target, link, refused, why } of connections) {
    const row = put(rows, 'tr');
    putTime(put(row, 'td'), at);
    const end = put(row, 'td');
    if (closed !== null) putTime(end, closed);
    put(row, 'td', target);
    const of = put(row, 'td');
    if (link.startsWith('cage-')) put(of, 'span', link);
    else put(of, 'a', link).href = `#command-${link}`;
    const what = put(row, 'td');
    put(what, 'span', refused ? 'refused' : closed === null ? 'no end recorded' : 'closed', refused ? 'tag bad' : 'quiet');
    if (why !== null) put(what, 'span', ` ${why}`, refused ? 'bad' : 'quiet');
  }
  if (connectionsLeftOut > 0) put(section, 'p', `${plural(connectionsLeftOut, 'more connection')} in the evidence only.`, 'note');
}

/** A link to a command opens it. */
function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (!(named instanceof HTMLDetailsElement)) return;
  named.open = true;
  named.scrollIntoView();
  named.querySelector('summary').focus({ preventScroll: true });
}

const root = document.getElementById('report');
root.replaceChildren();
top(root);
commandsList(root);
chainsList(root);
operationsList(root, facts);
connectionsList(root);
if (head.facts.length > 0) document.title = `${head.title} · duty-gate report`;
window.addEventListener('hashchange', openNamed);
