import {byId} from './dom.js';

const fields = ['url', 'origin', 'method', 'headers', 'credentials', 'mode', 'read', 'target'];

let seen = ''; // what a browser's sentence pointed to, until somebody edits the request

// readForm returns the form as the call explain takes it.
export function readForm() {
  const elements = byId('request').elements;
  const form = {bucket: '', seen};
  for (const name of fields) form[name] = elements.namedItem(name).value;
  return form;
}

// fillForm puts values into the form; what is missing is empty.
export function fillForm(form) {
  const elements = byId('request').elements;
  for (const name of fields) elements.namedItem(name).value = form[name] ?? '';
  seen = form.seen ?? '';
}

// forget drops what a sentence pointed to.
export function forget() { seen = ''; }
