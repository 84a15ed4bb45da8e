// What is on the page, in the fragment of its URL, which browsers send to no server.

// longest bounds what a link may hold, in bytes and unpacked: what is far longer is no
// policy, and was packed to fill the memory. mostFragment is what all browsers take of a
// URL, in characters.
const longest = 2 << 20;
const mostFragment = 1 << 20;

async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    length += value.length;
    if (length > longest) throw new TooLong();
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

class TooLong extends Error {}

// pack makes a fragment of a state. It throws for one that no link can hold.
export async function pack(state) {
  const text = new TextEncoder().encode(JSON.stringify(state));
  if (text.length > longest) throw new Error('This is too long for a link: save the policy as a file.');
  const bytes = await through(new CompressionStream('deflate-raw'), text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const fragment = `#1${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
  if (fragment.length > mostFragment) throw new Error('This is too long for a link: save the policy as a file.');
  return fragment;
}

// unpack reads a fragment. It throws for what pack has not made.
export async function unpack(fragment) {
  if (!fragment.startsWith('#1')) throw new Error('The link is not one of this page; the page is as it was.');
  let state;
  try {
    const binary = atob(fragment.slice(2).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await through(new DecompressionStream('deflate-raw'), Uint8Array.from(binary, c => c.charCodeAt(0)));
    state = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
  } catch (error) {
    throw new Error(error instanceof TooLong ? 'The link holds more than 2 MiB, and is not read; the page is as it was.' :
      'The link cannot be read: it is cut short, or was changed; the page is as it was.');
  }
  const texts = [state?.document, ...Object.values(state?.form ?? {document: null})];
  if (!texts.every(text => typeof text === 'string')) throw new Error('The link is not one of this page; the page is as it was.');
  return state;
}
