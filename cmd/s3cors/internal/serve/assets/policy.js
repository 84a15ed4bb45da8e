import {byId, code, h, refill, sentence, sign, visible} from './dom.js';

const signs = {error: '✗', security: '!', warning: '!', portability: 'i', info: 'i', lost: '−', note: 'i'};

const mostFindings = 200;

const countOf = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

// showPolicy shows what was found in a document. The actions are show(mark),
// mend(findings) and turn(), which turns the document into S3's JSON.
export function showPolicy(view, actions) {
  refill(byId('policy-state'), sentence(stateOf(view)));
  const below = m => m.severity === 'info' || m.severity === 'portability' || m.severity === 'note';
  const shown = view.marks.slice(0, mostFindings);
  refill(byId('findings'), ...shown.filter(m => !below(m)).map(m => finding(m, actions)));
  const mild = shown.filter(below);
  byId('mild-box').hidden = mild.length === 0;
  byId('mild-count').textContent = `${mild.length} more worth knowing`;
  refill(byId('mild'), ...mild.map(m => finding(m, actions)));
  if (view.marks.length > mostFindings) byId('findings').append(h('li', {className: 'none'}, `and ${view.marks.length - mostFindings} more`));
  if (mild.length === shown.length) {
    byId('findings').append(h('li', {className: 'none'}, view.error ? visible(view.error) : view.check ? 'Nothing is wrong with it.' : 'No policy: the bucket answers as one without CORS.'));
  }
  refill(byId('takes'), ...view.takes.map(t => h('li', {}, sign(t.takes, t.takes ? 'takes it:' : 'refuses it:'), ' ',
    `${t.title} ${t.takes ? 'takes it' : 'refuses it'}${view.own ? '' : ', once it is converted'}`, t.text ? sentence(`: ${t.text}`) : '')));
  refill(byId('rules'), rules(view.rules, actions));
}

function stateOf(view) {
  if (!view.check) return view.error;
  const parts = [view.format ? `Format: ${view.format} (${view.title})` : 'No format that is known', countOf(view.rules.length, 'rule')];
  const counts = new Map();
  for (const m of view.marks) counts.set(m.severity, (counts.get(m.severity) ?? 0) + 1);
  for (const [severity, count] of counts) parts.push(`${count} × ${severity}`);
  if (counts.size === 0) parts.push('nothing was found');
  return `${parts.join(' · ')}.`;
}

function finding(m, actions) {
  return h('li', {className: m.severity},
    h('span', {className: 'badge'}, h('span', {'aria-hidden': 'true'}, `${signs[m.severity]} `), m.severity), ' ',
    m.line > 0 ? h('button', {type: 'button', className: 'place', 'aria-label': `${m.line}:${m.column}, show the place`, onclick: () => actions.show(m)}, `${m.line}:${m.column}`) : '', ' ',
    sentence(m.message), m.code ? h('span', {className: 'faint'}, ` (${m.code})`) : '',
    m.suggestion ? h('p', {className: 'cure'}, sentence(m.suggestion)) : '',
    m.stuck ? [h('p', {className: 'cure'}, sentence(m.stuck)), h('button', {type: 'button', className: 'mend', onclick: actions.turn}, 'Turn the document into S3\u2019s JSON')] : '',
    m.finding >= 0 ? h('button', {type: 'button', className: 'mend', 'aria-label': `Mend: ${visible(m.message)}`, onclick: () => actions.mend([m.finding])}, 'Mend') : '');
}

const columns = ['Rule', 'Origins', 'Methods', 'Headers', 'Exposes', 'Max age'];

function rules(list, actions) {
  if (list.length === 0) return h('p', {className: 'none'}, 'There are none.');
  return table('Rules of the policy', columns, list.map((r, i) => [
    [h('button', {type: 'button', className: 'place', 'aria-label': `${i}, show the rule`, onclick: () => actions.show(r)}, String(i)), r.rule.ID ? [' ', code(r.rule.ID)] : ''],
    values(r.rule.AllowedOrigins), values(r.rule.AllowedMethods), values(r.rule.AllowedHeaders), values(r.rule.ExposeHeaders),
    r.rule.MaxAgeSeconds === undefined || r.rule.MaxAgeSeconds === null ? '–' : String(r.rule.MaxAgeSeconds),
  ]));
}

const mostValues = 20;

function values(list) {
  if (!list || list.length === 0) return '–';
  const shown = list.slice(0, mostValues).map(v => h('span', {className: 'value'}, code(v), ' '));
  if (list.length > mostValues) shown.push(`and ${list.length - mostValues} more`);
  return shown;
}

// table makes a table whose cells say their column where the screen is narrow. Its roles
// are written out, since such a layout takes them away.
export function table(label, names, rows) {
  return h('table', {role: 'table', 'aria-label': label},
    h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, names.map(name => h('th', {role: 'columnheader', scope: 'col'}, name)))),
    h('tbody', {role: 'rowgroup'}, rows.map(cells => h('tr', {role: 'row'}, cells.map((cell, i) =>
      h('td', {role: 'cell', 'data-label': names[i]}, h('div', {}, cell)))))));
}
