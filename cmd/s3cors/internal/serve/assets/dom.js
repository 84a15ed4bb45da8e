// Elements are made of text here, never of markup.

// h makes an element. Properties with a dash are attributes; on… are listeners.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name.includes('-') || name === 'role' || name === 'scope') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

// refill puts other children into an element. What was opened stays open; and who stood
// with the keyboard on something that goes does not fall out of the page.
export function refill(element, ...children) {
  const inside = element.contains(document.activeElement) && document.activeElement !== element;
  const opened = new Map([...element.querySelectorAll('details')].map(d => [d.firstChild.textContent, d.open]));
  element.replaceChildren(...children);
  for (const d of element.querySelectorAll('details')) d.open = opened.get(d.firstChild.textContent) ?? d.open;
  if (inside) {
    element.tabIndex = -1;
    element.focus({preventScroll: true});
  }
}

export const byId = id => document.getElementById(id);

const longest = 400;

// escaped returns text in which no character hides, or turns what stands around it.
export const escaped = text => text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{FFFD}]/gu,
  character => `\\u{${character.codePointAt(0).toString(16)}}`);

// visible returns a value or a sentence so that all of it can be read, and it is not too
// long for that.
export function visible(text) {
  const whole = String(text);
  const shown = escaped(whole.slice(0, longest * 4)).replace(/[\n\t]/g, character => character === '\n' ? '\\n' : '\\t')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1…');
  const characters = [...shown];
  if (characters.length <= longest && whole.length <= longest * 4) return shown;
  return `${characters.slice(0, longest).join('')}… (${whole.length.toLocaleString('en')} characters)`;
}

// code is text of others, apart from the text around it.
export const code = text => h('code', {dir: 'auto'}, visible(text));

// sentence is a sentence of ours that may hold text of others.
export const sentence = (text, className) => h('span', {className}, h('bdi', {}, visible(text)));

// sign is a verdict in a sign and a colour, with a word for those who see neither.
export function sign(ok, word) {
  return h('span', {className: ok ? 'yes' : 'no'}, h('span', {'aria-hidden': 'true'}, ok ? '✓' : '✗'),
    h('span', {className: 'unseen'}, word ?? (ok ? 'yes' : 'no')));
}

// copy puts text on the clipboard, and says so.
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    note(`${what} is on the clipboard.`);
  } catch {
    note(`The browser does not let the page copy. ${what} can be selected and copied.`);
  }
}

let timer;

// note shows a sentence for a while.
export function note(text) {
  const element = byId('note');
  element.textContent = visible(text);
  clearTimeout(timer);
  timer = setTimeout(() => { element.textContent = ''; }, 8000);
}

export const options = (select, list) => select.replaceChildren(...list.map(([value, text]) => h('option', {value}, visible(text))));
