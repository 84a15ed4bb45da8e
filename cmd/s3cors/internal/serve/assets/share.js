// What is on the page, in the fragment of its URL, which browsers send to no server.

const longest = 2 << 20;

async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    length += value.length;
    if (length > longest) throw new Error('the link holds too much');
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// pack makes a fragment of a state.
export async function pack(state) {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(JSON.stringify(state)));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `#1${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

// unpack reads a fragment. It throws for what pack has not made.
export async function unpack(fragment) {
  if (!fragment.startsWith('#1')) throw new Error('the link is not one of this page');
  const binary = atob(fragment.slice(2).replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = await through(new DecompressionStream('deflate-raw'), Uint8Array.from(binary, c => c.charCodeAt(0)));
  const state = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof state?.document !== 'string') throw new Error('the link is not one of this page');
  return state;
}
