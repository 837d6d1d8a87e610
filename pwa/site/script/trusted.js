// The only strings that may become scripts are the addresses of our two workers; markup and code never come from
// strings at all. Without Trusted Types the browser relies on the rest of the content security policy.

function allowWorkers() {
  if (!globalThis.trustedTypes || !trustedTypes.createPolicy) return;
  const allowed = new Set([address(site.worker), address(site.timers)]);
  trustedTypes.createPolicy('default', {
    createScriptURL(url) {
      const full = new URL(url, document.baseURI).href;
      return allowed.has(full) ? full : null;
    },
  });
}
