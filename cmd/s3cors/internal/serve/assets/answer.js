import {byId, code, copy, escaped, h, refill, sentence, sign, visible} from './dom.js';
import {table} from './policy.js';

// showAnswer shows what came of a request. The actions are apply(exchange, fix) and
// place(path).
export function showAnswer(asked, actions) {
  const focus = asked.exchanges[asked.focus];
  const e = focus.explain;
  refill(byId('verdict'),
    h('p', {className: `verdict ${e.granted ? 'granted' : 'refused'}`}, sign(e.granted, e.granted ? 'granted:' : 'not granted:'), ' ',
      h('strong', {}, e.outcome), asked.exchanges.length > 1 && asked.focus === 0 ? ' to the preflight' : ''),
    h('p', {}, sentence(e.summary)),
    ...asked.notes.map(text => h('p', {className: 'faint'}, sentence(text))));
  refill(byId('answer'),
    ...part('What the browser makes of it', browser(e.browser)),
    ...part('Each rule', matrix(e)),
    ...part('Why', list(e.reasons.map(r => h('li', {}, sentence(r.text), h('span', {className: 'faint'}, ` (${r.code})`))))),
    ...part('What would help', list(e.fixes.map((fix, i) => h('li', {}, sentence(fix.text), ' ',
      h('button', {type: 'button', className: 'mend', 'aria-label': `Apply: ${visible(fix.text)}`, onclick: () => actions.apply(asked.focus, i)}, 'Apply'))))),
    ...part('CORS allows it; look here', list(e.elsewhere.map(hint))),
    ...part('On the wire', asked.exchanges.map((x, i) => exchange(x, i === asked.focus))),
    ...part('What this cannot tell', list(e.notJudged.map(hint))));
}

const hint = entry => h('li', {}, sentence(entry.text), h('span', {className: 'faint'}, ` (${entry.code})`));

const list = items => items.length === 0 ? null : h('ul', {}, items);

// part is a heading with what stands below it; nothing if there is nothing.
function part(title, content) {
  if (!content || content.length === 0) return [];
  return [h('h3', {}, title), ...[content].flat()];
}

function browser(b) {
  if (!b) return null;
  const lines = [
    h('li', {}, sign(b.readable), b.readable ? ' The script can read the answer.' : ' The script gets nothing but an error.'),
    h('li', {}, b.preflight ? ['The browser asks first, and ', b.passes ? 'then sends the request.' : 'does not send the request.'] : 'The browser asks nothing first.'),
  ];
  if (b.readable) {
    lines.push(h('li', {}, 'Headers that the script can read, where the answer has them: ', b.headers.map(name => h('span', {className: 'value'}, code(name), ' '))));
  }
  if (b.console) lines.push(h('li', {}, 'Chromium prints: ', h('q', {}, sentence(b.console))));
  return h('ul', {className: 'plain'}, lines);
}

function matrix(e) {
  if (e.rules.length === 0) return null;
  const rows = e.rules.map(r => {
    const ok = r.origin.ok && r.method.ok && r.headers.ok;
    return [
      [String(r.rule), r.id ? [' ', code(r.id)] : ''],
      [sign(r.origin.ok), ' ', r.origin.ok ? ['by ', code(r.origin.by)] : nearest(r.origin.nearest)],
      [sign(r.method.ok), ' ', r.method.ok ? 'listed' : 'not listed'],
      [sign(r.headers.ok), ' ', r.headers.ok ? 'admitted' : ['not ', r.headers.missing.map(name => [code(name), ' '])]],
      [sign(ok), ' ', ok ? (r.rule === e.rule ? 'decides' : 'matches') : 'does not match'],
    ];
  });
  return table('How each rule takes the request', ['Rule', 'Origin', 'Method', 'Headers', 'Together'], rows);
}

function nearest(near) {
  if (!near) return 'nothing listed';
  return ['nearest ', code(near.value), h('span', {className: 'faint'}, ` ${near.differs.map(d => d.replace(/^origin-/, '')).join(', ')}`)];
}

function exchange(x, open) {
  return h('details', {open, className: 'exchange'}, h('summary', {}, x.title),
    block('Request', x.request), block('Answer, as curl -i shows it', x.http),
    h('div', {className: 'tools'},
      h('button', {type: 'button', 'aria-label': `Copy as curl: ${x.title}`, onclick: () => copy(x.curl, 'The command')}, 'Copy as curl'),
      h('button', {type: 'button', 'aria-label': `Copy for explain -jsonl: ${x.title}`, onclick: () => copy(JSON.stringify(x.line), 'The line')}, 'Copy for explain -jsonl')),
    ...x.others.map(o => h('details', {className: 'other'},
      h('summary', {}, sign(o.same, o.same ? 'alike:' : 'otherwise:'), ` ${o.title} decides ${o.same ? 'alike' : 'otherwise'}`), block(`Answer of ${o.title}`, o.http))));
}

// block is text of a wire, in a region that the keyboard can scroll.
export function block(label, text, className) {
  return h('pre', {className, tabIndex: 0, role: 'region', 'aria-label': label}, escaped(text.trimEnd()));
}
