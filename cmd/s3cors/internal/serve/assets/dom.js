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

export const byId = id => document.getElementById(id);

const longest = 400;

// visible returns text in which no character hides, or turns what stands around it, and
// which is not too long to be read.
export function visible(text) {
  const shown = String(text).slice(0, longest * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{FFFD}]/gu, character => `\\u{${character.codePointAt(0).toString(16)}}`)
    .replace(/(\p{M}{3})\p{M}+/gu, '$1…');
  const characters = [...shown];
  if (characters.length <= longest && text.length <= longest * 4) return shown;
  return `${characters.slice(0, longest).join('')}… (${text.length.toLocaleString('en')} characters)`;
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
  element.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { element.textContent = ''; }, 8000);
}

export const options = (select, list) => select.replaceChildren(...list.map(([value, text]) => h('option', {value}, visible(text))));
