//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// away makes the page believe that nobody sees it, and writes down what it asks of the system.
const away = `globalThis.__e2e_asked = [];
Object.defineProperty(document, 'visibilityState', { get: () => globalThis.__e2e_seen ? 'visible' : 'hidden' });
globalThis.__e2e_shown = [];
{ const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
    await show.call(this, title, options);
    __e2e_shown.push(title);
  }; }
navigator.setAppBadge = n => { __e2e_asked.push('badge ' + n); return Promise.resolve(); };
navigator.wakeLock.request = () => { __e2e_asked.push('stay awake'); return Promise.resolve({ release: () => __e2e_asked.push('may sleep') }); };
{ const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
  navigator.mediaSession.setActionHandler = (key, f) => { set(key, f); globalThis['__e2e_' + key] = f; }; }`

// inWorker runs script in the service worker of the page.
func inWorker(p Phone, script string) error {
	targets, err := chromedp.Targets(p.ctx)
	if err != nil {
		return err
	}
	at, err := eval[string](p.Page, `location.origin`)
	if err != nil {
		return err
	}
	for _, info := range targets {
		if info.Type != "service_worker" || !strings.HasPrefix(info.URL, at) {
			continue
		}
		ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(info.TargetID))
		defer cancel()
		limited, stop := context.WithTimeout(ctx, patience)
		defer stop()
		_, err := chromedp.Run(limited, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		return err
	}
	return fmt.Errorf("no service worker among %d targets", len(targets))
}

// pressOnNotification presses a button of the notification that shows, as the system tells the worker.
func (p Phone) pressOnNotification(action string) {
	p.t.Helper()
	p.until("press "+action+" on the notification", func() error {
		// A worker that has nothing to do is stopped; a message wakes it, as a press does.
		if _, err := eval[bool](p.Page, `navigator.serviceWorker.ready.then(r => { r.active.postMessage('wake'); return true; })`); err != nil {
			return err
		}
		return inWorker(p, fmt.Sprintf(`registration.getNotifications().then(([n]) => {
			if (!n.actions.some(a => a.action === %q)) throw new Error('no such button');
			return dispatchEvent(new NotificationEvent('notificationclick', { notification: n, action: %[1]q }));
		})`, action))
	})
}

// waitNotification waits until the nth notification of the page has been shown and is the only one. It does not look before:
// Chromium loses a notification that is being shown while the list of them is read.
func (p Phone) waitNotification(n int, title string) {
	p.t.Helper()
	waitEval(p.Page, fmt.Sprintf("show notification %d", n), `__e2e_shown.length`, n)
	waitEval(p.Page, fmt.Sprintf("show the notification %q", title), titlesShown, title)
}

func (p Phone) waitNoNotification() {
	p.t.Helper()
	waitEval(p.Page, "take the notification back", titlesShown, "")
}

const titlesShown = `navigator.serviceWorker.ready.then(r => r.getNotifications()).then(list => list.map(n => n.title).join())`

func TestNotificationAnswersAndDeclines(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{script: away, notify: true})
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	waitEval(a.Page, "have its worker", `navigator.serviceWorker.ready.then(r => r.active.state)`, "activated")
	b.Dial(user(1))
	a.waitNotification(1, user(2))
	waitEval(a.Page, "say so in the title", `document.title.startsWith('Incoming call: 1002')`, true)
	a.pressOnNotification("answer")
	a.WaitOnCall()
	b.WaitOnCall()
	a.waitNoNotification()
	a.WaitAudio()
	waitEval(a.Page, "tell the system who is on the line", `navigator.mediaSession.metadata.title`, user(2))
	if _, err := eval[bool](a.Page, `__e2e_togglemicrophone({action: 'togglemicrophone'}), true`); err != nil {
		t.Fatal(err)
	}
	a.WaitText(`(?i)you are muted`)
	if _, err := eval[bool](a.Page, `__e2e_hangup({action: 'hangup'}), true`); err != nil {
		t.Fatal(err)
	}
	a.WaitIdle()
	b.WaitIdle()
	b.Dial(user(1))
	a.waitNotification(2, user(2))
	a.pressOnNotification("decline")
	b.WaitWhy(`(?i)declined|busy`)
	b.WaitIdle()
	a.waitNoNotification()
	b.Dial(user(1))
	a.waitNotification(3, user(2))
	b.Click("Hang up")
	a.waitNoNotification() // it vanishes with the call
	waitEval(a.Page, "count the missed call on the app's sign", `__e2e_asked.filter(x => x.startsWith('badge')).pop()`, "badge 1")
	if _, err := eval[bool](a.Page, `globalThis.__e2e_seen = true`); err != nil {
		t.Fatal(err)
	}
	b.WaitIdle()
	a.Dial("600")
	a.WaitOnCall()
	a.Click("Hang up")
	waitEval(a.Page, "keep the screen on in the call that is seen, and let it go",
		`__e2e_asked.filter(x => !x.startsWith('badge')).join()`, "stay awake,may sleep")
	a.WaitIdle()
}

// TestNotificationsThatCross shows a notification while another one is taken back, many times: the last one must stay.
func TestNotificationsThatCross(t *testing.T) {
	t.Parallel()
	const times = 20
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{script: away, notify: true})
	waitEval(a.Page, "have its worker", `navigator.serviceWorker.ready.then(r => r.active.state)`, "activated")
	if _, err := eval[bool](a.Page, fmt.Sprintf(`(async () => {
		for (let i = 1; i <= %d; i++) {
			webphoneRetractNotification('tag ' + (i - 1));
			goappNewNotification(JSON.stringify({ title: 'call ' + i, tag: 'tag ' + i }));
			webphoneRetractNotification('tag ' + (i - 1));
		}
		await webphoneRetractNotification('tag of no call');
		return true;
	})()`, times)); err != nil {
		t.Fatal(err)
	}
	a.waitNotification(times, fmt.Sprint("call ", times))
}

func TestLeavingInACallIsAskedAbout(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{})
	asked := make(chan string, 4)
	if err := chromedp.Listen(a.ctx, func(ev any) {
		if dialog, ok := ev.(*page.EventJavascriptDialogOpening); ok {
			asked <- string(dialog.Type)
			go chromedp.Call(a.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
		}
	}); err != nil {
		t.Fatal(err)
	}
	a.Dial("600")
	a.WaitOnCall()
	a.WaitAudio()
	if _, err := eval[bool](a.Page, `location.reload(), true`); err != nil {
		t.Fatal(err)
	}
	a.until("ask", func() error {
		select {
		case kind := <-asked:
			if kind != "beforeunload" {
				t.Errorf("a dialog of type %s", kind)
			}
			return nil
		default:
			return errText("nobody asked")
		}
	})
	a.WaitAudio()
	a.WaitText(saysOnCall)
	a.Click("Hang up")
	a.WaitIdle()
	a.reload()
	a.WaitButton("Login")
	if len(asked) != 0 {
		t.Error("leaving without a call is asked about")
	}
}

// TestCallThatEndsWithItsPageIsInTheHistory leaves a page that has no service worker, so that nobody could end the call later.
func TestCallThatEndsWithItsPageIsInTheHistory(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{
		script: `Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { return undefined; } })`})
	a.leaves()
	a.Dial("600")
	a.WaitOnCall()
	a.WaitAudio()
	a.reload()
	a.WaitButton("Login")
	a.Login(d.account(1))
	a.WaitRegistered()
	a.Click("History")
	a.WaitText(`(?s)Today.*600.*Outgoing`)
	a.until("have it in its history", func() error {
		left, err := eval[bool](a.Page, `localStorage.getItem('webphone.left') !== null`)
		if err == nil && left {
			err = errText("what the page before left is still there")
		}
		return err
	})
}

func TestStorageThatIsNotThereOrFullIsSaid(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{ // what browsers throw at a page whose user allows no storage, or has no room
		"private": `Object.defineProperty(globalThis, 'indexedDB', { value: { open() { throw new DOMException('no', 'SecurityError'); } } });
			for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(globalThis, name, { get() { throw new DOMException('no', 'SecurityError'); } });`,
		"full": `IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };`,
	} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t)
			a := logIn(t, d.URL, d.account(1), pageOptions{script: script})
			a.Dial("601")
			a.WaitWhy(`(?i)busy`)
			a.WaitIdle()
			a.WaitText(`Nothing is stored`)
			a.Click("History")
			a.WaitText(`601`)
			a.Click("Contacts")
			a.Click("Add contact")
			a.Fill("Name (required)", "Front Desk")
			a.Click("Save")
			a.Click("Back")
			a.WaitText(`Front Desk`) // as long as the page
		})
	}
}

func TestOpensOfflineWithContactsAndHistory(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := openPhone(t, d.URL, "phone", pageOptions{})
	a.Click("Stay logged in on this device")
	a.Login(d.account(1))
	a.WaitRegistered()
	a.Dial("601")
	a.WaitWhy(`(?i)busy`)
	a.WaitIdle()
	a.Click("Contacts")
	a.Click("Add contact")
	a.Fill("Name (required)", "Front Desk")
	a.Click("Save")
	waitEval(a.Page, "have its worker", `navigator.serviceWorker.ready.then(r => r.active.state)`, "activated")
	a.until("keep the password locked", func() error { return a.vaultHolds(3, d.account(1).password) })
	a.reload() // under the worker: config.json is kept now
	a.WaitText(`Front Desk`)
	a.until("keep the configuration", func() error {
		kept, err := eval[bool](a.Page, `caches.match('config.json').then(r => !!r)`)
		if err == nil && !kept {
			err = errText("it is not in a cache")
		}
		return err
	})
	d.stop()
	a.reload()
	a.WaitText(`(?s)Offline.*You stay logged in`)
	a.Click("History")
	a.WaitText(`601`)
	a.WaitNoButton("Call 601")
	a.Click("Contacts")
	a.WaitText(`Front Desk`)
}
