//go:build e2e

package site_test

import "testing"

// sleepy makes the browser's timers as slow in a hidden tab as they become after a while, and lets the test hide it.
const sleepy = `(() => {
	const set = globalThis.setTimeout.bind(globalThis);
	let hidden = false;
	globalThis.nativeTimers = 0;
	globalThis.setTimeout = (callback, delay, ...args) => {
		nativeTimers++;
		return set(callback, hidden ? delay + 60000 : delay, ...args);
	};
	Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden });
	globalThis.hideTab = value => {
		hidden = value;
		document.dispatchEvent(new Event('visibilitychange'));
	};
	globalThis.after = delay => {
		const begin = performance.now();
		return new Promise(resolve => setTimeout(() => resolve(performance.now() - begin), delay));
	};
})()`

// The browser's clock and the page's differ by a little, so a time-out may seem up to 5 ms early.
func TestTimeoutsInAHiddenTab(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t, sleepy)
	b.open(h.url())
	b.started()
	b.until("the worker for time-outs runs", `performance.getEntriesByType('resource').some(e => `+
		`e.name.endsWith('/timers.js') && e.responseEnd > 0)`)
	if took := eval[float64](b, `(hideTab(true), after(200))`); took < 195 || took > 2000 {
		t.Errorf("a time-out of 200 ms took %.0f ms in a hidden tab", took)
	}
	took := eval[float64](b, `(async () => { hideTab(false); const due = after(400); hideTab(true); return await due; })()`)
	if took < 395 || took > 2000 {
		t.Errorf("a time-out of 400 ms that was set before the tab was hidden took %.0f ms", took)
	}
	took = eval[float64](b, `(async () => { hideTab(true); const due = after(400); hideTab(false); return await due; })()`)
	if took < 395 || took > 2000 {
		t.Errorf("a time-out of 400 ms took %.0f ms although the tab came back", took)
	}
	fired := eval[bool](b, `(async () => {
		hideTab(true);
		let fired = false;
		const id = setTimeout(() => { fired = true; }, 50);
		clearTimeout(id);
		await after(200);
		return fired;
	})()`)
	if fired {
		t.Error("a time-out fired although it was cleared")
	}
	b.wantClean()
}

func TestTimeoutsWithoutAWorker(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t, `globalThis.Worker = class { constructor() { throw new Error('refused'); } };`)
	b.open(h.url())
	b.started()
	took := eval[float64](b, `new Promise(resolve => { const begin = performance.now(); setTimeout(() => `+
		`resolve(performance.now() - begin), 100); })`)
	if took < 95 || took > 2000 {
		t.Errorf("a time-out of 100 ms took %.0f ms", took)
	}
	b.wantProblem("the reason is told", "refused")
}
