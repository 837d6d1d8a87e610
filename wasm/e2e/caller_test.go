//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// customers is an operator's page about who calls.
func customers(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write([]byte("<!doctype html><title>Customer</title><input id=typed>"))
}

// TestTheMiddleOfAWideWindowIsTheCaller takes a call in a wide window: who calls, a note, the operator's page, and what is left
// after the call and a reload.
func TestTheMiddleOfAWideWindowIsTheCaller(t *testing.T) {
	t.Parallel()
	pop := map[string]any{"url": "/customer?number={number}&name={name}&agent={user}", "on": "answer"}
	d := startConfigured(t, map[string]any{"screenPop": pop}, map[string]http.Handler{"/customer": http.HandlerFunc(customers)})
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	b := logIn(t, d.URL, d.account(2), pageOptions{window: phoneWindow})
	a.knows("Lab & <b>Co</b>", user(2))
	a.Click("History") // nothing is chosen there
	b.Dial(user(1))
	const pane = `document.querySelector('.pane-detail').innerText`
	waitEval(a.Page, "name the caller while it rings", pane+`.includes('Lab & <b>Co</b>') && `+pane+`.includes('`+user(2)+`')`,
		true)
	waitEval(a.Page, "offer no page before the answer", pane+`.includes('Customer page')`, false)
	waitEval(a.Page, "leave the focus where it is", `!!document.activeElement.closest('.pane-detail')`, false)
	a.Click("Answer")
	b.WaitOnCall()
	a.Fill("Note", "Invoice 4411 by mail")
	a.Click("Customer page")
	waitEval(a.Page, "show the operator's page about the caller",
		`(() => { const q = new URL(document.querySelector('iframe.own-frame').src).searchParams; return [q.get('number'), `+
			`q.get('name'), q.get('agent')].join(' / '); })()`,
		user(2)+" / Lab & <b>Co</b> / "+user(1))
	waitEval(a.Page, "load it", `!!document.querySelector('iframe.own-frame').contentDocument?.getElementById('typed')`, true)
	waitEval(a.Page, "type there", `document.querySelector('iframe.own-frame').contentDocument.getElementById('typed').value `+
		`= 'kept', true`, true)
	a.Click("Caller")
	a.Click("Customer page")
	waitEval(a.Page, "keep what was typed there", `document.querySelector('iframe.own-frame').contentDocument.getElementById('typed').value`, "kept")
	a.Click("Caller")
	b.Click("Hang up")
	b.WaitIdle()
	waitEval(a.Page, "stay after the call", pane+`.includes('Lab & <b>Co</b>')`, true)
	waitEval(a.Page, "keep the note in its field", `document.getElementById('note').value`, "Invoice 4411 by mail")
	waitEval(a.Page, "take the focus", `(document.getElementById('note').focus(), document.activeElement.id)`, "note")
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	a.strike(", call 600" + kb.Enter + "at noon")
	waitEval(a.Page, "leave the field to who writes", `document.activeElement.id + ': ' + document.getElementById('note').value`,
		"note: Invoice 4411 by mail, call 600\nat noon")
	a.Click("Decline")
	b.WaitIdle()
	d.waitCalled(t, "what is written calls nobody")
	waitEval(a.Page, "go when the next one has called", `!document.getElementById('note')?.checkVisibility()`, true)
	a.reload()
	a.WaitButton("Login")
	a.Login(d.account(1))
	a.WaitRegistered()
	a.Click("History")
	a.WaitText(`Lab`)
	waitEval(a.Page, "open the calls", `document.querySelector('#calls .row-main').click(), true`, true)
	waitEval(a.Page, "show the note that was kept",
		`[...document.querySelectorAll('.pane-detail .row-note')].map(n => n.textContent).join('')`,
		"Invoice 4411 by mail, call 600\nat noon")
}

// TestListColumnIsDragged moves the edge of the list by mouse, finger and keys, and loads the page anew.
func TestListColumnIsDragged(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{window: window{1440, 900}})
	const width = `Math.round(document.querySelector('.pane-list').getBoundingClientRect().width)`
	const edge = `Math.round(document.querySelector('.pane-list').getBoundingClientRect().right)`
	waitEval(p.Page, "begin with the usual width", width, 340)
	for name, events := range map[string][3]func(ctx context.Context,
		x float64) error{"mouse": {mouse("mousePressed"), mouse("mouseMoved"), mouse("mouseReleased")},
		"finger": {finger("touchStart"), finger("touchMove"), finger("touchEnd")}} {
		p.fingers(name)
		from, err := eval[float64](p.Page, edge)
		if err != nil {
			t.Fatal(err)
		}
		before, err := eval[int](p.Page, width)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range []float64{from, from + 20, from + 40} {
			if err := p.do(func(ctx context.Context) error { return events[min(i, 1)](ctx, x) }); err != nil {
				t.Fatal(err)
			}
		}
		waitEval(p.Page, "follow the "+name, width, before+40)
		if err := p.do(func(ctx context.Context) error { return events[2](ctx, from+40) }); err != nil {
			t.Fatal(err)
		}
		waitEval(p.Page, "say where it is", `document.querySelector('.splitter').ariaValueNow`, fmt.Sprint(before+40))
	}
	p.fingers("mouse")
	waitEval(p.Page, "take the focus", `(document.querySelector('.splitter').focus(), document.activeElement.className)`,
		"splitter")
	p.strike(kb.ArrowLeft)
	waitEval(p.Page, "go by a key", width, 404)
	p.reload()
	p.WaitButton("Login")
	p.Login(d.account(1))
	p.WaitRegistered()
	waitEval(p.Page, "have kept it", width, 404)
	waitEval(p.Page, "take the focus", `(document.querySelector('.splitter').focus(), document.activeElement.className)`,
		"splitter")
	p.strike(kb.End)
	waitEval(p.Page, "leave the middle its room", `document.querySelector('.pane-detail').getBoundingClientRect().width >= 320`,
		true)
	p.strike(kb.Home)
	waitEval(p.Page, "leave the list its room", width, 280)
}

func mouse(kind string) func(ctx context.Context, x float64) error {
	return func(ctx context.Context, x float64) error {
		_, err := chromedp.Call(ctx, input.DispatchMouseEvent,
			input.DispatchMouseEventParams{Type: input.DispatchMouseEventType(kind), X: x, Y: 400, Button: "left", Buttons: 1,
				ClickCount: 1})
		return err
	}
}

func finger(kind string) func(ctx context.Context, x float64) error {
	return func(ctx context.Context, x float64) error {
		points := []*input.TouchPoint{{X: x, Y: 400}}
		if kind == "touchEnd" {
			points = []*input.TouchPoint{}
		}
		_, err := chromedp.Call(ctx, input.DispatchTouchEvent,
			input.DispatchTouchEventParams{Type: input.DispatchTouchEventType(kind), TouchPoints: points})
		return err
	}
}

// TestNoteOfACallInANarrowWindow writes about a call while it goes on, on a telephone: the pencil leads to the note and back to
// the call, what was typed stays, and the history has it.
func TestNoteOfACallInANarrowWindow(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: phoneWindow})
	b := logIn(t, d.URL, d.account(2), pageOptions{window: phoneWindow})
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	waitEval(a.Page, "offer no note before the answer", `!!document.querySelector('.stage-note')?.checkVisibility()`, false)
	a.Click("Answer")
	b.WaitOnCall()
	a.Click("Note")
	waitEval(a.Page, "show the note, and the call in its bar", `[...['#note', '.callbar .btn-stop', '#call', '#people, #calls'].map(
		q => !!document.querySelector(q)?.checkVisibility())].join()`, "true,true,false,false")
	waitEval(a.Page, "have the focus on the way back", `document.activeElement.matches('.icon-btn-back')`, true)
	a.Fill("Note", "Invoice 4411")
	a.Click("Back")
	waitEval(a.Page, "be at the call again", `document.getElementById('call').checkVisibility() && `+
		`document.activeElement.id === 'call'`, true)
	a.Click("Note")
	waitEval(a.Page, "keep what was typed", `document.getElementById('note').value`, "Invoice 4411")
	b.Click("Hang up")
	b.WaitIdle()
	waitEval(a.Page, "stay after the call", `document.getElementById('note').checkVisibility()`, true)
	a.Click("Close")
	a.Click("History")
	waitEval(a.Page, "open the call", `document.querySelector('#calls .row-main')?.click(), true`, true)
	waitEval(a.Page, "show the note", `document.getElementById('call-note')?.value`, "Invoice 4411")
}
