import './wasm_exec.js';

const go = new Go();
const program = fetch('s3cors.wasm').then(response => {
  if (!response.ok) throw new Error('s3cors.wasm is not there');
  return response.arrayBuffer();
}).then(bytes => WebAssembly.instantiate(bytes, go.importObject)).then(({instance}) => { go.run(instance); });

onmessage = async ({data: [name, input]}) => {
  try {
    await program;
    postMessage(s3cors(name, input));
  } catch (error) {
    postMessage({error: `The program of this page does not run: ${error.message}`});
  }
};
