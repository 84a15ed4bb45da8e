import {call, latest} from './call.js';
import {block, showAnswer} from './answer.js';
import {byId, copy, h, note, options, refill, sentence} from './dom.js';
import {Editor} from './editor.js';
import {fillForm, forget, readForm} from './request.js';
import {showPolicy} from './policy.js';
import {pack, unpack} from './share.js';

const pause = 150; // milliseconds without a key before something is asked

const editor = new Editor(byId('policy'), document.querySelector('.sheet'));

// policy is what is asked about, as calls take it.
function policy() {
  const profile = byId('profile').value;
  return {document: editor.text, resource: byId('resource').value, dialect: byId('dialect').value, profiles: profile ? [profile] : []};
}

// What the calls show.

const failed = place => error => refill(byId(place), h('span', {className: 'refused'}, sentence(error.message)));

// What is on the page belongs to an input that may have changed since. Buttons act on that,
// and not on what somebody types meanwhile.

let marks = [];
let looked = null; // what the findings belong to
let answered = null; // what the answer belongs to

// asking is a task that hands on its input with the result.
const asking = (name, input) => async signal => {
  const asked = input();
  return {asked, result: await call(name, asked, signal)};
};

const lookAtPolicy = latest(asking('document', policy), ({asked, result: view}) => {
  looked = asked;
  if (view.error && view.names.length === 0 && byId('resource').value) { // it was chosen in another document
    chooseAmong([]);
    policyChanged(0);
    return;
  }
  marks = view.marks;
  showPolicy(view, {show: m => editor.show(m.from, m.to, m.line), mend, turn});
  editor.mark(marks);
  byId('mend-all').disabled = !marks.some(m => m.finding >= 0);
  if (view.names.length > 0) chooseAmong(view.names);
  if (view.names.includes(wanted)) {
    byId('resource').value = wanted;
    policyChanged(0);
  }
  wanted = '';
}, error => {
  marks = [];
  byId('mend-all').disabled = true;
  for (const id of ['findings', 'mild', 'takes', 'rules']) refill(byId(id));
  failed('policy-state')(error);
});

let wanted = ''; // the configuration that a link names

// chooseAmong offers the configurations of a document that has several; of none it offers
// no choice.
function chooseAmong(names) {
  byId('resource-field').hidden = names.length === 0;
  options(byId('resource'), [['', 'choose one'], ...names.map(name => [name, name])]);
}

const lookAtRequest = latest(asking('explain', () => ({...policy(), form: readForm()})),
  ({asked, result}) => {
    answered = asked;
    showAnswer(result, {apply});
  }, error => {
    byId('answer').replaceChildren();
    failed('verdict')(error);
  });

const convert = latest(async signal => editor.text.trim() === '' ? null : call('convert', {...policy(), to: byId('format').value, bucket: ''}, signal), showConverted, error => {
  showConverted(null);
  failed('converted')(error);
});

let converted = '';

function showConverted(result) {
  converted = result?.output ?? '';
  byId('copy-converted').disabled = byId('take-converted').disabled = converted === '';
  if (!result) {
    refill(byId('converted'));
    return;
  }
  const told = (word, list) => list.map(r => h('li', {}, `${word}: `, sentence(r.text), r.value ? ['  ', sentence(r.value, 'faint')] : ''));
  refill(byId('converted'),
    h('ul', {}, told('lost', result.losses), told('note', result.notes), result.problems.map(p => h('li', {}, 'S3 refuses: ', sentence(p.detail)))),
    converted ? block('The policy in the other format', converted, 'document') : h('p', {}, 'No rule is left that the format can have.'));
}

let kept = null; // the document to compare with

const mostChanges = 200;

const compare = latest(async signal => {
  if (kept === null) return null;
  const sides = {old: {document: kept, resource: byId('old').value}, new: {document: editor.text, resource: byId('resource').value}};
  return call('diff', {...sides, dialect: byId('dialect').value}, signal);
}, report => {
  if (!report) return;
  const lines = [...report.changes.map(c => c.text), ...report.notCompared.map(n => `not compared: ${n.text}`)];
  const more = lines.length - mostChanges;
  if (more > 0) lines.splice(mostChanges, more, `and ${more} more`);
  refill(byId('compared'), lines.length === 0 ? h('p', {}, 'The policy does the same as what was kept.') : h('ul', {}, lines.map(text => h('li', {}, sentence(text)))));
}, failed('compared'));

// keep keeps the document, and offers its configurations if it has several.
function keep() {
  kept = editor.text;
  const names = [...byId('resource').options].map(o => o.value).filter(Boolean);
  options(byId('old'), names.length > 0 ? names.map(name => [name, name]) : [['', '']]);
  byId('old-field').hidden = names.length === 0;
  if (byId('resource').value) byId('old').value = byId('resource').value;
  compare(0);
}

function policyChanged(wait) {
  byId('undo').disabled = editor.before.length === 0;
  lookAtPolicy(wait);
  lookAtRequest(wait);
  convert(wait + pause);
  compare(wait + pause);
}

// What the user does.

// isLate tells, and says, that somebody typed since there was this input.
function isLate(input) {
  if (editor.text === input.document) return false;
  note('The policy has changed since: look at it again.');
  return true;
}

async function change(name, input) {
  if (isLate(input)) return;
  try {
    const changed = await call(name, input);
    if (isLate(input)) return;
    editor.replace(changed.document);
    note(changed.note || 'The policy was changed.');
    policyChanged(0);
  } catch (error) {
    note(error.message);
  }
}

function mend(findings) { return change('mend', {...looked, findings}); }

// turn turns the document into S3's JSON, in which all can be changed.
async function turn() {
  const input = policy();
  try {
    const {output, losses} = await call('convert', {...input, to: 'json', bucket: ''});
    if (isLate(input) || !output) return;
    editor.replace(output);
    note(['The policy is S3\u2019s JSON now; Undo brings the document back.', ...losses.map(l => `Lost: ${l.text}.`)].join(' '));
    policyChanged(0);
  } catch (error) {
    note(error.message);
  }
}

function apply(exchange, fix) { return change('apply', {...answered, exchange, fix}); }

byId('policy').addEventListener('input', () => {
  editor.clear();
  policyChanged(pause);
});
byId('mend-all').addEventListener('click', () => mend(marks.map(m => m.finding).filter(i => i >= 0)));
byId('undo').addEventListener('click', () => { if (editor.back()) policyChanged(0); });
byId('example').addEventListener('click', () => {
  editor.replace(example);
  fillForm({origin: 'https://app.example.com', method: 'PUT', headers: 'Content-Type: image/png', read: 'ETag'});
  policyChanged(0);
});
byId('dialect').addEventListener('change', () => policyChanged(0));
byId('profile').addEventListener('change', () => policyChanged(0));
byId('resource').addEventListener('change', () => policyChanged(0));
byId('format').addEventListener('change', () => convert(0));
byId('copy-converted').addEventListener('click', () => copy(converted, 'The policy'));
byId('take-converted').addEventListener('click', () => {
  editor.replace(converted);
  policyChanged(0);
});
byId('keep').addEventListener('click', keep);
byId('old').addEventListener('change', () => compare(0));

byId('request').addEventListener('submit', event => event.preventDefault());
byId('request').addEventListener('input', () => {
  forget();
  lookAtRequest(pause);
});

let forms = [];
let read = null; // what was made of the text

async function readPasted() {
  const text = byId('paste').value;
  try {
    const filled = await call('paste', {text, dialect: byId('dialect').value});
    if (byId('paste').value !== text) return; // somebody pasted something else meanwhile
    forms = filled.forms;
    read = filled;
    byId('choice-field').hidden = forms.length < 2;
    options(byId('choice'), forms.map((f, i) => [String(i), f.title]));
    take(0);
  } catch (error) {
    byId('choice-field').hidden = true;
    refill(byId('paste-state'), sentence(error.message));
  }
}

// take puts one of the requests into the form, and says what was understood.
function take(i) {
  const {title, form, notes} = forms[i];
  refill(byId('paste-state'), sentence(`Read as ${read.kind}${title ? `: ${title}` : ''}.`),
    ...[...read.notes, ...notes].flatMap(text => [' ', sentence(text)]));
  fillForm(form);
  lookAtRequest(0);
}

byId('read').addEventListener('click', readPasted);
byId('paste').addEventListener('paste', () => setTimeout(readPasted));
byId('choice').addEventListener('change', event => take(Number(event.target.value)));

// Sharing.

const chosen = ['dialect', 'profile', 'format', 'resource']; // what is in a link beside both texts

byId('share').addEventListener('click', async () => {
  const state = {document: editor.text, form: readForm()};
  for (const name of chosen) state[name] = byId(name).value;
  let fragment;
  try {
    fragment = await pack(state);
  } catch (error) {
    note(error.message);
    return;
  }
  history.replaceState(null, '', fragment);
  copy(location.href, 'The link');
});

async function takeShared() {
  if (location.hash.length < 2) return;
  try {
    const state = await unpack(location.hash);
    if (state.document !== editor.text) editor.replace(state.document);
    fillForm(state.form);
    wanted = state.resource;
    chooseAmong([]);
    for (const name of chosen) choose(name, state[name]);
    policyChanged(0);
  } catch (error) {
    note(error.message);
  }
}

// choose selects an option, if there is such a one.
function choose(id, value) {
  const select = byId(id);
  if ([...select.options].some(o => o.value === value)) select.value = value;
}

window.addEventListener('hashchange', takeShared);

const example = `[
    {
        "AllowedOrigins": ["https://app.example.com/", "https://*.example.org"],
        "AllowedMethods": ["GET", "PUT"],
        "AllowedHeaders": ["Authorization"],
        "MaxAgeSeconds": 3000
    }
]
`;

async function start() {
  try {
    const choices = await call('options', {});
    options(byId('dialect'), choices.dialects.map(d => [d.name, d.title]));
    options(byId('format'), choices.formats.map(f => [f.name, `${f.name}: ${f.title}`]));
    byId('profile').append(...choices.profiles.map(name => h('option', {value: name}, name)));
  } catch (error) {
    note(error.message);
    return;
  }
  await takeShared();
  policyChanged(0);
  document.documentElement.dataset.ready = 'true';
}

start();
