package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/ui"
)

// TestHandlersActOnWhatIsShown goes from screen to screen and lets every handler act. go-app keeps the handler of the screen
// before where an element has the same place and the handler the same scope: what it captured is old then, and it sends another
// event than that of the screen drawn afresh.
func TestHandlersActOnWhatIsShown(t *testing.T) {
	const before = 8 // screens that each is reached from
	all := names()
	shown := map[string]screen.Snapshot{}
	fresh := map[string]map[string]bool{} // what handlers do, by screen
	for _, name := range all {
		shown[name], _ = addressed(url.Values{"screen": {name}})
		fresh[name] = map[string]bool{}
		for _, act := range newStage(t, shown[name]).acts() {
			fresh[name][act] = true
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, name := range all {
		for range before {
			from := all[rnd.IntN(len(all))]
			s := newStage(t, shown[from])
			s.change(shown[name])
			for _, act := range s.acts() {
				if !fresh[name][act] {
					t.Errorf("after %s, %s: %s", from, name, act)
				}
			}
		}
	}
	if len(fresh["contacts-list"]) < 20 {
		t.Errorf("%d handlers in the list of contacts: they are no longer found", len(fresh["contacts-list"]))
	}
}

// stage draws snapshots one after another and takes the events of handlers.
type stage struct {
	app.Compo
	engine   app.TestEngine
	snapshot screen.Snapshot
	told     []string       // by the last handler
	sent     []screen.Event // by all
	update   func()
	dispatch func(func(app.Context))
}

func newStage(t testing.TB, s screen.Snapshot) *stage {
	t.Helper()
	st := &stage{engine: app.NewTestEngine(), snapshot: s}
	if err := st.engine.Load(st); err != nil {
		t.Fatal(err)
	}
	st.engine.ConsumeAll()
	return st
}

func (s *stage) OnPreRender(ctx app.Context) { s.update, s.dispatch = ctx.Update, ctx.Dispatch }

func (s *stage) Render() app.UI { return ui.Page(ui.View{S: s.snapshot, Do: s.take}) }

func (s *stage) take(e screen.Event) {
	s.told, s.sent = append(s.told, describe(e)), append(s.sent, e)
}

func (s *stage) change(to screen.Snapshot) {
	s.snapshot = to
	s.update()
	s.engine.ConsumeAll()
}

// acts lets every handler act and returns where it is and which events it sends.
func (s *stage) acts() []string {
	var list []string
	found := handlers(reflect.ValueOf(s), "")
	s.sent = nil
	s.dispatch(func(ctx app.Context) {
		for _, h := range found {
			s.told = nil
			func() {
				defer func() {
					if recover() != nil { // it asks the browser, which is not there
						s.told = append(s.told, "asks")
					}
				}()
				h.act(ctx, app.Event{Value: ctx.JSSrc()})
			}()
			list = append(list, h.path+" sends "+strings.Join(s.told, ", "))
		}
	})
	s.engine.ConsumeAll()
	return list
}

// describe shows what is in an event.
func describe(e screen.Event) string { return fmt.Sprintf("%T%+v", e, e) }

// handler is one of a drawn element.
type handler struct {
	path string
	act  app.EventHandler
}

// handlers finds those below a node. go-app keeps them to itself, so its fields are read past its back: when they get other
// names, nothing is found, which fails the test.
func handlers(v reflect.Value, path string) []handler {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil
	}
	if tag := v.FieldByName("tag"); tag.IsValid() {
		path += "/" + tag.String()
	}
	var list []handler
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch value := opened(v.Field(i)); {
		case field.Anonymous, field.Name == "rootElement" || field.Name == "root":
			list = append(list, handlers(value, path)...)
		case field.Name == "eventHandlers":
			for it := value.MapRange(); it.Next(); {
				copied := reflect.New(it.Value().Type()).Elem()
				copied.Set(it.Value())
				act := opened(copied.FieldByName("goHandler")).Interface().(app.EventHandler)
				list = append(list, handler{path + " " + it.Key().String(), act})
			}
		case field.Name == "children":
			for j := range value.Len() {
				list = append(list, handlers(value.Index(j), fmt.Sprintf("%s[%d]", path, j))...)
			}
		}
	}
	return list
}

// opened is a field that may be read although it is not exported.
func opened(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}
