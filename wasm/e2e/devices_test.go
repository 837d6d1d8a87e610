//go:build e2e

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// listening writes down which device a sound goes to and how long one that repeats is.
const listening = `globalThis.__e2e_heard = { element: [], context: [], loops: [] };
for (const [name, prototype] of [['element', HTMLMediaElement.prototype], ['context', AudioContext.prototype]]) {
  const set = prototype.setSinkId;
  prototype.setSinkId = async function (id) { await set.call(this, id); __e2e_heard[name].push(id); };
}
{ const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    if (this.loop) __e2e_heard.loops.push(this.buffer.duration.toFixed(1));
    return start.apply(this, when);
  }; }`

// outputs returns the identifiers of two audio outputs that are not the default, by name.
func (p Phone) outputs() (names, ids [2]string) {
	p.t.Helper()
	p.until("have two speakers", func() error {
		list, err := eval[[][2]string](p.Page, `navigator.mediaDevices.enumerateDevices().then(list => list
			.filter(d => d.kind === 'audiooutput' && d.label && d.deviceId !== 'default').map(d => [d.label, d.deviceId]))`)
		if err == nil && len(list) < 2 {
			err = fmt.Errorf("there are only %q", list)
		}
		if err != nil {
			return err
		}
		for i := range names {
			names[i], ids[i] = list[i][0], list[i][1]
		}
		return nil
	})
	return names, ids
}

func TestSoundsGoToTheirDevices(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow, script: listening})
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	names, ids := a.outputs()
	speaker, ringer := ids[0], ids[1]
	last := func(list string) string { return `__e2e_heard.` + list + `.at(-1)` }
	a.Click("Settings")
	a.Click("Audio System default")
	a.Fill("Speaker", names[0])
	a.Fill("Ringer", names[1])
	a.Click("Test sound")
	waitEval(a.Page, "play the test sound on the speaker", last("context"), speaker)
	a.Click("Settings")
	a.Click("Calls Answer calls automatically: Off")
	a.Fill("Ring tone", "Pulse")
	a.Click("Listen")
	waitEval(a.Page, "play the ring tone on the ringer", last("context"), ringer)
	a.Click("Settings")
	a.Click("Audio System default")
	a.Click("Test sound")
	waitEval(a.Page, "go back to the speaker", last("context"), speaker)
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	waitEval(a.Page, "ring on the ringer", last("context"), ringer)
	waitEval(a.Page, "ring as chosen: a pulse takes two seconds", last("loops"), "2.0")
	a.Click("Answer")
	a.WaitOnCall()
	waitEval(a.Page, "let the other side be heard on the speaker", last("element"), speaker)
	a.Fill("Speaker", names[1])
	waitEval(a.Page, "change the speaker in the call", last("element"), ringer)
	a.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

// emulate lets the page believe that the user has set up the system so.
func (p *Page) emulate(feature, value string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}}}); err != nil {
		p.t.Fatal(err)
	}
}

func TestMotionIsReduced(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{})
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	const moving = `document.getAnimations().filter(a => a.playState === 'running').length`
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	waitEval(a.Page, "move while it rings, or there would be nothing to reduce", moving+` > 0`, true)
	a.emulate("prefers-reduced-motion", "reduce")
	waitEval(a.Page, "come to rest", moving, 0)
	a.Click("Decline")
	a.WaitIdle()
	b.WaitWhy(`(?i)declined|busy`)
}

// TestForcedColoursTellWhatIsOn compares pressed buttons with others as drawn in the system's colours.
func TestForcedColoursTellWhatIsOn(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{})
	a.emulate("forced-colors", "active")
	a.Dial("600")
	a.WaitOnCall()
	const face = `(() => { const s = getComputedStyle(document.querySelector('.tool[aria-pressed] .tool-face'));
		return [s.backgroundColor, s.color, s.borderTopWidth].join(' '); })()`
	off, err := eval[string](a.Page, face)
	if err != nil {
		t.Fatal(err)
	}
	a.Click("Mute")
	a.WaitText(`(?i)you are muted`)
	waitEval(a.Page, "draw a pressed button another way than "+off, face+` !== `+fmt.Sprintf("%q", off), true)
	waitEval(a.Page, "draw it in the system's colour for what is chosen", `(() => {
		const probe = document.body.appendChild(document.createElement('i'));
		probe.style.forcedColorAdjust = 'none';
		probe.style.backgroundColor = 'Highlight';
		const wanted = getComputedStyle(probe).backgroundColor;
		probe.remove();
		return getComputedStyle(document.querySelector('.tool[aria-pressed=true] .tool-face')).backgroundColor === wanted;
	})()`, true)
	waitEval(a.Page, "give every button an edge", `[...document.querySelectorAll('.btn:not(.skip), .icon-btn, .key, .tool-face')]
		.filter(b => b.checkVisibility() && parseFloat(getComputedStyle(b).borderTopWidth) === 0).map(b => b.className).join()`, "")
	a.Click("Hang up")
	a.WaitIdle()
}
