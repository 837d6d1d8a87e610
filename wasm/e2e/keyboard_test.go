//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// strike presses keys one by one, with the modifiers.
func (p *Page) strike(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...))); err != nil {
		p.t.Fatalf("%s: press %q: %v", p.name, keys, err)
	}
}

func (p *Page) alt(letter string) { p.t.Helper(); p.strike(letter, chromedp.ModifierAlt) }

// control is an element as assistive technology knows it.
type control struct{ role, name string }

// outside stands for the end of the page, where Tab goes on to the browser and comes back to the beginning.
var outside = control{"page", "end"}

// focused is what has the focus.
func (p *Page) focused() (control, error) {
	element, err := chromedp.Call(p.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.activeElement"})
	if err != nil {
		return control{}, err
	}
	defer release(p.ctx, element.Result.ObjectID)
	if element.Result.Description == "body" {
		return outside, nil
	}
	tree, err := chromedp.Call(p.ctx, accessibility.GetPartialAXTree,
		accessibility.GetPartialAXTreeParams{ObjectID: element.Result.ObjectID})
	if err != nil {
		return control{}, err
	}
	if len(tree.Nodes) == 0 || tree.Nodes[0].Role == nil || tree.Nodes[0].Name == nil {
		return control{}, nil
	}
	return control{text(tree.Nodes[0].Role), text(tree.Nodes[0].Name)}, nil
}

// waitFocus waits until the element with that name has the focus.
func (p *Page) waitFocus(why, name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("%s: focus %q", why, name), func() error {
		got, err := p.focused()
		if err == nil && got.name != name {
			err = fmt.Errorf("the focus is on %v", got)
		}
		return err
	})
}

// tabTo presses Tab until the control with that name has the focus, as a person does who knows nothing but Tab. Nothing
// on the way may be without a name.
func (p *Page) tabTo(name string) {
	p.t.Helper()
	const most = 60
	var way []control
	for range most {
		p.strike(kb.Tab)
		at, err := p.focused()
		if err != nil {
			p.t.Fatalf("%s: %v", p.name, err)
		}
		if at.name == name {
			return
		}
		if at.name == "" {
			p.t.Errorf("%s: Tab reaches something without a name: %v after %v", p.name, at, way)
		}
		way = append(way, at)
	}
	p.t.Fatalf("%s: %d times Tab do not reach %q, only %v", p.name, most, name, way)
}

// TestAWholeCallByKeyboard touches no mouse from the login to the list of keys.
func TestAWholeCallByKeyboard(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := openPhone(t, d.URL, "keyboard", pageOptions{window: desktopWindow})
	account := d.account(1)
	p.waitFocus("the first thing to do", "Username")
	p.strike(account.user)
	p.strike(kb.Tab)
	p.waitFocus("the next field", "Password")
	p.strike(account.password + kb.Enter)
	p.WaitRegistered()

	p.waitFocus("a phone is for calling", numberField)
	p.strike("600" + kb.Enter)
	p.WaitOnCall()
	p.waitFocus("the dial pad is gone", "Call")
	p.WaitAudio()

	p.alt("m")
	p.WaitText(`(?i)you are muted`)
	p.tabTo("Unmute")
	p.strike(kb.Enter)
	p.WaitNoText(`(?i)you are muted`)
	p.waitFocus("the button is gone, the call is not", "Call")

	p.tabTo("Hold")
	p.strike(" ")
	p.WaitText(saysOnHold)
	p.waitFocus("drawing anew keeps the focus", "Hold")
	p.strike(" ")
	p.WaitText(saysOnCall)
	p.waitFocus("drawing anew keeps the focus", "Hold")

	p.tabTo("Keypad")
	p.strike(kb.Enter)
	p.WaitButton("Close keypad")
	p.strike("24#")
	d.waitDTMF(t, "24#")
	p.strike(kb.Escape)
	p.WaitNoButton("Close keypad")

	p.strike("?")
	p.WaitText(`Keyboard shortcuts`)
	p.waitFocus("the sheet is read from its button on", "Close")
	p.strike(kb.Escape)
	p.WaitNoText(`Keyboard shortcuts`)
	p.waitFocus("digits leave the button they were typed on, and the sheet gives the focus back", "Call")

	p.alt("x")
	p.WaitIdle()
	p.waitFocus("ready for the next call", numberField)
	p.strike("?")
	p.WaitText(`Keyboard shortcuts`)
	p.strike(kb.Enter)
	p.WaitNoText(`Keyboard shortcuts`)
	p.waitFocus("back to the field, from which the keys were asked for", numberField)
}

// TestContactsByKeyboard adds a contact, finds and calls it.
func TestContactsByKeyboard(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{window: phoneWindow})
	p.tabTo("Contacts")
	p.strike(kb.Enter)
	p.WaitText(`No contacts yet`)
	p.tabTo("Add contact")
	p.strike(kb.Enter)
	p.waitFocus("the form is there to be filled", "Name (required)")
	p.strike("Echo test")
	p.tabTo("Number")
	p.strike("600" + kb.Enter)
	p.WaitButton("Edit contact")
	p.tabTo("Back")
	p.strike(kb.Enter)
	p.WaitButton("Add contact") // the list is there again
	p.tabTo("Search contacts")
	p.strike("echo")
	p.tabTo("Call Echo test")
	p.strike(kb.Enter)
	p.WaitOnCall()
	p.alt("x")
	p.WaitIdle()
}

// TestRingingTakesNoFocus rings while a number is being typed: what is typed goes on into the field, and Alt+A answers.
func TestRingingTakesNoFocus(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	b.Click("Contacts")
	b.Click("Add contact")
	b.waitFocus("the form is there to be filled", "Name (required)")
	b.strike("Gwen")
	a.Dial(user(2))
	b.WaitText(saysIncoming)
	b.strike("dolyn")
	b.waitFocus("a call takes no focus from who types", "Name (required)")
	if got, err := eval[string](b.Page, `document.activeElement.value`); err != nil || got != "Gwendolyn" {
		t.Errorf("the field holds %q, %v, want all that was typed", got, err)
	}
	b.alt("a")
	b.WaitOnCall()
	a.WaitOnCall()
	b.alt("x")
	a.WaitIdle()
}

// spoken are the live regions of the page, by how urgent they are.
func (p *Page) spoken() (map[string][]string, error) {
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		return nil, err
	}
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		byID[n.NodeID] = n
	}
	regions := map[string][]string{}
	for _, n := range tree.Nodes {
		if live := liveness(n); live != "" && !n.Ignored {
			regions[live] = append(regions[live], wordsIn(byID, n))
		}
	}
	return regions, nil
}

// liveness is "polite" or "assertive" for the root of a live region, and "" for everything else.
func liveness(n *accessibility.Node) string {
	for _, property := range n.Properties {
		if property.Name == accessibility.PropertyNameLive && n.Role != nil &&
			slices.Contains([]string{"alert", "status"}, text(n.Role)) {
			return text(property.Value)
		}
	}
	return ""
}

func wordsIn(byID map[accessibility.NodeID]*accessibility.Node, n *accessibility.Node) string {
	if n == nil {
		return ""
	}
	if n.Role != nil && text(n.Role) == "StaticText" && n.Name != nil {
		return text(n.Name)
	}
	var all string
	for _, id := range n.ChildIDs {
		all += wordsIn(byID, byID[id])
	}
	return all
}

// waitSpoken waits until a live region of that urgency says exactly this.
func (p *Page) waitSpoken(live, want string) {
	p.t.Helper()
	p.until(fmt.Sprintf("say %q %sly", want, live), func() error {
		regions, err := p.spoken()
		if err == nil && !slices.Contains(regions[live], want) {
			err = fmt.Errorf("the regions say %q", regions)
		}
		return err
	})
}

// TestStatesAreSpoken looks at the accessibility tree: a call that rings is said at once, all else politely.
func TestStatesAreSpoken(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.Dial(user(2))
	b.waitSpoken("assertive", "Incoming call from 1001. Answer: Alt+A. Decline: Alt+X.")
	a.waitSpoken("polite", "1002: ringing")
	b.alt("a")
	a.waitSpoken("polite", "On call with 1002")
	b.waitSpoken("assertive", "") // nothing rings any more
	b.waitSpoken("polite", "On call with 1001")
	a.alt("h")
	a.waitSpoken("polite", "1002 is on hold")
	b.waitSpoken("polite", "1001 has put you on hold")
	a.alt("h")
	b.waitSpoken("polite", "The call with 1001 goes on")
	a.waitSpoken("polite", "The call with 1002 goes on")
	a.alt("m")
	a.waitSpoken("polite", "You are muted")
	a.alt("x")
	b.waitSpoken("polite", "Call with 1001 ended")
	a.WaitIdle()
	b.WaitIdle()
	a.Dial("601")
	a.until("say why, at once", func() error {
		regions, err := a.spoken()
		if err == nil && !slices.ContainsFunc(regions["assertive"], func(s string) bool { return len(s) > 0 }) {
			err = fmt.Errorf("the regions say %q", regions)
		}
		return err
	})
	a.WaitIdle()
}
