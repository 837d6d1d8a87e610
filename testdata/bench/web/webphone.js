// Loads the program of wasm/bench, which calls bench.ready(phone) itself.
const go = new Go();
WebAssembly.instantiateStreaming(fetch('dist/webphone.wasm'), go.importObject).then(r => go.run(r.instance));
