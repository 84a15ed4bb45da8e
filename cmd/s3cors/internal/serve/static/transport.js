// How the page reaches the calls: the same program, as WebAssembly, in a worker, so that
// typing waits for nothing.

const policy = globalThis.trustedTypes?.createPolicy('worker', {createScriptURL: () => 'worker.js'});
const worker = new Worker(policy ? policy.createScriptURL('') : 'worker.js', {type: 'module'});
const queue = [];
let running = null;
let ended = false;

function next() {
  if (running) return;
  if (ended) {
    for (const entry of queue.splice(0)) entry.reject(new Error('The program of this page has ended: load the page again.'));
    return;
  }
  running = queue.shift() ?? null;
  if (running) worker.postMessage([running.name, JSON.stringify(running.input)]);
}

worker.onmessage = ({data}) => {
  const {resolve, reject} = running;
  running = null;
  if (data.error === undefined) resolve(JSON.parse(data.output));
  else reject(new Error(data.error));
  next();
};

worker.onerror = () => {
  ended = true;
  if (running) queue.push(running);
  running = null;
  next();
};

export function send(name, input, signal) {
  return new Promise((resolve, reject) => {
    const entry = {name, input, resolve, reject};
    signal?.addEventListener('abort', () => {
      const at = queue.indexOf(entry);
      if (at >= 0) queue.splice(at, 1); // nobody waits for it any more
      reject(signal.reason);
    });
    queue.push(entry);
    next();
  });
}
