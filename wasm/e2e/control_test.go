//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Controls are found as assistive technology finds them: by role and accessible name.
var (
	buttons = []string{"button", "menuitem", "link", "tab", "switch", "checkbox"}
	fields  = []string{"textbox", "searchbox", "combobox"}
)

// find returns the elements with that accessible name and one of the roles, hidden ones left out.
func find(ctx context.Context, name string, roles []string) ([]cdp.BackendNodeID, error) {
	root, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.documentElement"})
	if err != nil {
		return nil, err
	}
	defer release(ctx, root.Result.ObjectID)
	tree, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
		ObjectID: root.Result.ObjectID, AccessibleName: name})
	if err != nil {
		return nil, err
	}
	var found []cdp.BackendNodeID
	for _, n := range tree.Nodes {
		if !n.Ignored && n.Role != nil && slices.Contains(roles, text(n.Role)) {
			found = append(found, n.BackendDOMNodeID)
		}
	}
	return found, nil
}

func release(ctx context.Context, id runtime.RemoteObjectID) {
	chromedp.Call(ctx, runtime.ReleaseObject, runtime.ReleaseObjectParams{ObjectID: id})
}

func text(v *accessibility.Value) string {
	var s string
	json.Unmarshal([]byte(v.Value), &s)
	return s
}

// place is where a person would point to, measured in the page.
type place struct {
	X, Y     float64
	Hit      bool // nothing covers it
	Disabled bool
	Tag      string
	Value    string
	Pressed  string
	Deaf     bool // something has just changed there: a press would not count
}

const measure = `function() {
	this.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
	const r = this.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
	const top = document.elementFromPoint(x, y);
	return {X: x, Y: y, Hit: top !== null && (this.contains(top) || top.contains(this) && top.tagName === 'LABEL'),
		Disabled: this.disabled === true || this.getAttribute('aria-disabled') === 'true', Tag: this.tagName,
		Value: this.value || '', Pressed: this.getAttribute('aria-pressed') || '', Deaf: __e2e.deaf(this)};
}`

// call runs a function in the page with the element as this.
func call(ctx context.Context, id cdp.BackendNodeID, function string, result any, args ...any) error {
	node, err := chromedp.Call(ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id})
	if err != nil {
		return err
	}
	defer release(ctx, node.Object.ObjectID)
	byValue := true
	params := runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: node.Object.ObjectID, ReturnByValue: &byValue}
	for _, a := range args {
		value, err := json.Marshal(a)
		if err != nil {
			return err
		}
		params.Arguments = append(params.Arguments, &runtime.CallArgument{Value: value})
	}
	reply, err := chromedp.Call(ctx, runtime.CallFunctionOn, params)
	switch {
	case err != nil:
		return err
	case reply.ExceptionDetails != nil:
		return errors.New(fault(reply.ExceptionDetails))
	case result == nil:
		return nil
	}
	return json.Unmarshal([]byte(reply.Result.Value), result)
}

// locate finds one element that can be used now.
func (p *Page) locate(name string, roles []string) (node cdp.BackendNodeID, at place, err error) {
	err = p.do(func(ctx context.Context) error {
		nodes, err := find(ctx, name, roles)
		if err != nil {
			return err
		}
		why := errors.New("there is none")
		for _, node = range nodes {
			if err := call(ctx, node, measure, &at); err != nil {
				why = err
				continue
			}
			if at.Hit && !at.Disabled {
				return nil
			}
			why = fmt.Errorf("it cannot be used: %+v", at)
		}
		return why
	})
	return node, at, err
}

func (p *Page) do(f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return f(ctx)
}

// Click presses the button with that name as soon as it can be pressed and hears it, as a person does who looks first, and who
// presses again where nothing has come of it.
func (p *Page) Click(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("press %q", name), func() error {
		at, err := p.heard(name)
		if err == nil {
			err = p.press(at)
		}
		if err != nil {
			return err
		}
		if refused, err := eval[bool](p, `__e2e.refused()`); err == nil && refused { // an error: the press led to another page
			return errHasChanged
		}
		return nil
	})
}

var errHasChanged = errors.New("the page has just changed")

// heard locates a button that a press would count on.
func (p *Page) heard(name string) (place, error) {
	_, at, err := p.locate(name, buttons)
	if err == nil && at.Deaf {
		err = errHasChanged
	}
	return at, err
}

// waitHeard waits until a press on a button counts.
func (p *Page) waitHeard(name string) (at place) {
	p.t.Helper()
	p.until(fmt.Sprintf("button %q to be pressed", name), func() (err error) {
		at, err = p.heard(name)
		return err
	})
	return at
}

func (p *Page) press(at place) error {
	return p.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)) })
}

// WaitButton waits until there is a button with that name that can be pressed.
func (p *Page) WaitButton(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("button %q", name), func() error {
		_, _, err := p.locate(name, buttons)
		return err
	})
}

// WaitNoButton waits until no such button can be pressed.
func (p *Page) WaitNoButton(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf("no button %q", name), func() error {
		if _, at, err := p.locate(name, buttons); err == nil {
			return fmt.Errorf("it is there: %+v", at)
		}
		return nil
	})
}

// WaitPressed waits until the toggle with that name is in that state.
func (p *Page) WaitPressed(name string, pressed bool) {
	p.t.Helper()
	p.until(fmt.Sprintf("%q pressed: %v", name, pressed), func() error {
		_, at, err := p.locate(name, buttons)
		if err == nil && at.Pressed != fmt.Sprint(pressed) {
			err = fmt.Errorf("aria-pressed is %q", at.Pressed)
		}
		return err
	})
}

// Fill types text into the field with that label in place of what is in it, or chooses it in a list.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	p.until(fmt.Sprintf("fill %q", label), func() error {
		node, at, err := p.locate(label, fields)
		if err != nil {
			return err
		}
		if at.Tag == "SELECT" {
			return p.choose(node, value)
		}
		return p.typeInto(node, at, value)
	})
}

func (p *Page) typeInto(node cdp.BackendNodeID, at place, value string) error {
	if err := p.press(at); err != nil {
		return err
	}
	return p.do(func(ctx context.Context) error {
		if err := call(ctx, node, `function() { this.focus(); this.select(); }`, nil); err != nil {
			return err
		}
		if _, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
			return err
		}
		if err := call(ctx, node, measure, &at); err != nil {
			return err
		}
		if at.Value != value {
			return fmt.Errorf("the field holds %q after typing", at.Value)
		}
		return nil
	})
}

func (p *Page) choose(node cdp.BackendNodeID, value string) error {
	return p.do(func(ctx context.Context) error {
		var ok bool
		err := call(ctx, node, `function(text) {
			const option = [...this.options].find(o => o.label === text || o.value === text);
			if (!option) return false;
			this.value = option.value;
			this.dispatchEvent(new Event('input', {bubbles: true}));
			this.dispatchEvent(new Event('change', {bubbles: true}));
			return true;
		}`, &ok, value)
		if err == nil && !ok {
			err = fmt.Errorf("no choice %q", value)
		}
		return err
	})
}

// HasField tells whether there is a field with that label now.
func (p *Page) HasField(label string) bool {
	_, _, err := p.locate(label, fields)
	return err == nil
}
