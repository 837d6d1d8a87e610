// Runs in every page before its own scripts. Keeps the peer connections the page makes and tells what its security policies refuse.
(() => {
  const pcs = [], violations = [];
  const Original = globalThis.RTCPeerConnection;
  if (Original) {
    globalThis.RTCPeerConnection = new Proxy(Original, {
      construct(target, args, newTarget) {
        const pc = Reflect.construct(target, args, newTarget);
        const closed = new Promise(resolve => {
          pc.close = () => {
            target.prototype.close.call(pc);
            resolve(new Map());
          };
        });
        pcs.push({ pc, closed });
        return pc;
      },
    });
  }
  addEventListener('securitypolicyviolation', e => {
    const text = `${e.violatedDirective} refused ${e.blockedURI || 'inline'} at ${e.sourceFile}:${e.lineNumber} ${e.sample}`;
    violations.push(text); // of this document
    globalThis.__e2eViolation?.(text); // tells Chromium's harness, which outlives the document
  });

  const open = () => pcs.filter(({ pc }) => pc.connectionState !== 'closed');

  // Sums over the open connections; all four only grow.
  async function stats() {
    const sum = { packetsIn: 0, energyIn: 0, packetsOut: 0, connections: 0 };
    for (const { pc, closed } of open()) {
      sum.connections++;
      const report = await Promise.race([pc.getStats(), closed]); // Firefox never answers for one that closes meanwhile
      for (const s of report.values()) {
        if (s.kind !== 'audio') continue;
        if (s.type === 'inbound-rtp') {
          sum.packetsIn += s.packetsReceived || 0;
          sum.energyIn += s.totalAudioEnergy || 0;
        } else if (s.type === 'outbound-rtp') {
          sum.packetsOut += s.packetsSent || 0;
        }
      }
    }
    return sum;
  }

  // Tells whether a press on an element would not count, because the page has just changed.
  function deaf(element) {
    const to = document.documentElement.dataset.deaf;
    const does = element.closest('[data-does]')?.dataset.does || '';
    return to === 'all' || to === 'calls' && /^(call:|screen\.(Dial|MakeCall|Answer|EndAndAnswer|TransferNow|AskFirst))/.test(does);
  }

  // Tells whether the last press of a hand counted: one that does not reaches the window and nobody else.
  let refused = false;
  for (const type of ['pointerdown', 'click']) {
    globalThis.addEventListener(type, e => { refused = e.isTrusted; }, { capture: true });
    document.addEventListener(type, () => { refused = false; }, { capture: true });
  }

  Object.defineProperty(globalThis, '__e2e', { value: { stats, violations, deaf, refused: () => refused, connections: () => open().map(({ pc }) => pc) } });
})();
