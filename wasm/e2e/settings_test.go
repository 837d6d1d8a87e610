//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// offered lists the formats of the newest offer to a number, in order.
func (d *demo) offered(number string) string {
	var formats []string
	for _, m := range d.requests("INVITE") {
		if !strings.HasPrefix(m, "INVITE sip:"+number+"@") {
			continue
		}
		formats = nil
		for _, payload := range strings.Fields(regexp.MustCompile(`(?m)^m=audio \d+ \S+ (.*)\r$`).FindStringSubmatch(m)[1]) {
			formats = append(formats, regexp.MustCompile(`(?m)^a=rtpmap:` + payload + ` ([\w-]+)/`).FindStringSubmatch(m)[1])
		}
	}
	return strings.Join(formats, " ")
}

func TestCodecsAndKeyTonesOfTheSettings(t *testing.T) {
	t.Parallel()
	d := startConfigured(t, map[string]any{"flags": []string{"EDIT_SETTINGS"},
		"codec": map[string]any{"delete": []string{"red.*", "cn"}, "priority": []string{"PC.*"}}}, nil)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow, script: keepsDownloads})
	a.Dial("600")
	a.WaitOnCall()
	a.Click("Hang up")
	a.WaitIdle()
	if got := d.offered("600"); !regexp.MustCompile(`^PCM. PCM. (opus|G722) (opus|G722) telephone-event`).MatchString(got) ||
		strings.Contains(got, "red") {
		t.Errorf("offered %q, want the operator's first and without those he deletes", got)
	}
	a.Click("Settings")
	a.Click("Audio System default")
	for _, name := range []string{"opus 48 kHz", "G722 16 kHz", "PCMU 8 kHz"} {
		a.Click(name)
	}
	a.Click("PCMA 8 kHz")
	a.WaitSentence(`At least one codec has to stay on`)
	a.Click("Calls Answer calls automatically: Off")
	a.Fill("Key tones", "By message (INFO)")
	a.Click("Do not disturb Calls are refused and noted in the history")
	a.Dial("600")
	a.WaitOnCall()
	if got := d.offered("600"); got != "PCMA" {
		t.Errorf("offered %q, want the one codec that is left and no telephone-event", got)
	}
	a.Click("Keypad")
	a.DialKeys("5")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := d.sip.WaitDTMF(ctx, "", "5"); err != nil || d.sip.DTMF()[0].Source != "info" {
		t.Errorf("the key came as %+v, %v; want it by INFO", d.sip.DTMF(), err)
	}
	a.Click("Hang up")
	a.WaitIdle()
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	b.Dial(user(1))
	b.WaitWhy(`(?i)busy|declined`)
	a.WaitButton("History, 1 missed")
	a.Click("Settings")
	a.Click("Your data Export everything")
	a.Click("Export everything")
	var all struct {
		Calls    []any
		Settings map[string]any
	}
	if file := a.waitSaved(1); json.Unmarshal([]byte(file), &all) != nil || len(all.Calls) != 3 ||
		all.Settings["dtmfInfo"] != true || strings.Contains(file, d.account(1).password) {
		t.Errorf("exported %s, want three calls, the settings and no password", file)
	}
	a.Click("Erase everything")
	a.Click("Erase now")
	a.WaitButton("Login")
	waitEval(a.Page, "leave nothing behind", `new Promise(resolve => { const open = indexedDB.open('webphone'); open.onsuccess = () => {
		const all = open.result.transaction('documents').objectStore('documents').count();
		all.onsuccess = () => { open.result.close(); resolve(all.result + localStorage.length); }; }; })`, 0)
}

// TestBlockedSoundIsAllowedByATap needs a browser that plays nothing before a gesture, as those of people do: the page
// logs in by itself, so that there is none.
func TestBlockedSoundIsAllowedByATap(t *testing.T) {
	ctx, stop, err := launch(filepath.Join(t.TempDir(), "browser"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	d := startDemo(t)
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	server := "ws" + strings.TrimPrefix(d.URL, "http") + "ws"
	host := map[string]any{"wsServers": []string{server}, "username": user(1), "password": d.account(1).password}
	const watch = `addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
		if (document.body.innerText.includes('Sound is blocked')) console.log('it says that sound is blocked');
	}).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true }));`
	a := Phone{open(t, "phone", served(t, host), pageOptions{script: watch, browser: ctx})}
	a.until("register", func() error { return d.moreRequests("REGISTER", 3) })
	b.Dial(user(1))
	a.waitConsole("it says that sound is blocked")
	a.Click("Allow sound")
	a.WaitNoText(`Sound is blocked`)
	b.Click("Hang up")
	a.WaitNoText(saysIncoming)
}
