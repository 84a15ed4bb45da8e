import {h} from './dom.js';

// An editor is a text area with marks below its text. Only the lines that have marks are
// drawn, so that a long text costs nothing while somebody types.
export class Editor {
  constructor(area, sheet) {
    this.area = area;
    this.sheet = sheet;
    this.before = [];
    area.addEventListener('scroll', () => this.follow());
  }

  get text() { return this.area.value; }

  // replace puts another text in the place of the whole, which back can undo.
  replace(text) {
    this.before.push(this.text);
    if (this.before.length > 50) this.before.shift();
    this.set(text);
  }

  set(text) {
    this.area.value = text;
    this.clear();
  }

  // back undoes the last replacement; false if there is none.
  back() {
    if (this.before.length === 0) return false;
    this.set(this.before.pop());
    return true;
  }

  clear() { this.sheet.replaceChildren(); }

  // mark draws marks, which belong to the text as it is.
  mark(marks) {
    const lines = new Map();
    for (const m of marks) {
      if (m.line === 0) continue;
      if (!lines.has(m.line)) lines.set(m.line, []);
      lines.get(m.line).push(m);
    }
    const text = this.text;
    this.sheet.replaceChildren(...[...lines].slice(0, 500).map(([line, found]) => drawLine(text, line, found)));
    this.follow();
  }

  follow() {
    this.sheet.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
  }

  // show selects a part of the text and scrolls there.
  show(from, to, line) {
    this.area.focus();
    this.area.setSelectionRange(from, Math.max(to, from));
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    this.area.scrollTop = Math.max(0, (line - 4) * height);
    this.follow();
  }
}

// drawLine draws the marks of a line over an invisible copy of its text.
function drawLine(text, line, found) {
  const start = text.lastIndexOf('\n', found[0].from - 1) + 1;
  let end = text.indexOf('\n', start);
  if (end < 0) end = text.length;
  const row = h('div', {className: 'line'});
  row.style.top = `calc(${line - 1} * var(--line))`;
  let at = start;
  for (const m of [...found].sort((a, b) => a.from - b.from)) {
    if (m.from < at) continue; // below another mark
    const to = Math.min(Math.max(m.to, m.from + 1), end);
    row.append(text.slice(at, m.from), h('mark', {className: m.severity}, text.slice(m.from, to) || ' '));
    at = Math.max(to, m.from);
  }
  return row;
}
