package ua

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
)

// samples is one input of each type, as a replay reads it.
func samples(w *recording.World) []input {
	return []input{
		restoring{&savedState{Version: savedVersion, AOR: "sip:1001@example.com", Host: "h", CallID: "c", FromTag: "f", Seq: 7}},
		dialled{gen: 1, conn: w.Conn()},
		dialled{gen: 2, err: &transport.DialError{Kind: transport.DialNoSubprotocol, Status: 404}},
		received{3, []byte("text")},
		received{4, []byte("\xff")},
		connClosed{5, &transport.CloseError{Code: 1006, Reason: "r"}},
		tick{},
		&act{Name: "hold", deed: holdDeed, ID: "id", Target: "t", Code: 486, On: true, Text: "12", Body: []byte("b"),
			Message: MessageOptions{Body: []byte("m")}, Invite: inviteArgs{DisplayName: "d", Privacy: true,
				Headers: []Header{{"N", "v"}}}, Watch: SubscribeOptions{Event: "dialog"},
			Publish: PublishOptions{Event: "presence"}},
		opened{6, w.Session(6, true)},
		opened{7, w.Session(7, false)},
		jobDone{8, []byte("v=0"), nil},
		jobDone{9, []byte{}, media.ErrPermission},
		audioState{10, media.StateFailed},
		broken{errors.New("an error of the recorded run")},
		consulted{11, Address{URI: "sip:a@b"}, true, nil},
		later{},
	}
}

// TestEveryInputIsRecordedAndRead: whatever can come in is written down and read again as it was.
func TestEveryInputIsRecordedAndRead(t *testing.T) {
	w := &recording.World{Conn: func() transport.Conn { return nil }, Session: func(audio int, restarts bool) media.Session {
		return map[bool]media.Session{false: &fakeSession{}, true: fakeRestarter{&fakeSession{}}}[restarts]
	}}
	rec := &recorder{aliases: map[string]string{}}
	tried := map[string]bool{}
	for _, in := range samples(w) {
		tried[strings.TrimPrefix(reflect.TypeOf(in).String(), "*")] = true
		line, err := json.Marshal(in.entry(rec))
		if err != nil {
			t.Fatal(err)
		}
		var e recording.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if got, err := decode(e, w); err != nil || !reflect.DeepEqual(got, in) {
			t.Errorf("%s\ngot  %#v, %v\nwant %#v", line, got, err, in)
		}
	}
	for _, d := range deeds() {
		if got, err := decodeAct(asJSON(act{Name: d.name})); err != nil || got.(*act).deed != d {
			t.Errorf("%s is not read as it was written: %v", d.name, err)
		}
	}
	for name := range inputTypes(t) {
		if !tried["ua."+name] && name != "undo" { // it is recorded as the act it stands for
			t.Errorf("there is no sample of %s", name)
		}
	}
}

// inputTypes are the types of this package, its tests aside, that have the method do of an input.
func inputTypes(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, d := range parseFile(t, file).Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "entry" && fn.Recv != nil {
				of := fn.Recv.List[0].Type
				if star, ok := of.(*ast.StarExpr); ok {
					of = star.X
				}
				found[of.(*ast.Ident).Name] = true
			}
		}
	}
	if len(found) < 12 {
		t.Errorf("%d types of inputs found", len(found))
	}
	return found
}

// TestWhatNobodyWaitsForIsTakenBack: the caller of Subscribe goes away before the answer. Its subscription goes too, in a replay
// as well.
func TestWhatNobodyWaitsForIsTakenBack(t *testing.T) {
	recording := record(t, nil, func(h *harness) {
		h.start()
		ctx, cancel := context.WithCancel(h.t.Context())
		var asked []func() error
		asked = append(asked, h.async(func() error {
			_, err := h.agent.Subscribe(ctx, "1002", SubscribeOptions{Event: "dialog"})
			return err
		}),
			h.async(func() error { _, err := h.agent.Publish(ctx, PublishOptions{Body: []byte(open)}); return err }))
		h.wantSent("asked", "SUBSCRIBE", "PUBLISH")
		cancel()
		for _, outcome := range asked {
			h.wantErr("the caller is gone", outcome(), context.Canceled)
		}
		h.advance(40 * time.Second)
		if st := h.agent.State(); len(st.Subscriptions)+len(st.Publications) > 0 {
			h.t.Errorf("%d subscriptions and %d publications are kept", len(st.Subscriptions), len(st.Publications))
		}
		h.forget()
	})
	if n := strings.Count(recording.String(), `"do":"unsubscribe","id":`) + strings.Count(recording.String(),
		`"do":"remove","id":`); n != 2 {
		t.Errorf("%d taken back in the recording, want both with their IDs", n)
	}
	wantSame(t, recording.Bytes())
}

// TestEveryDeedIsReplayed: whatever an act may be asked to do stands in the list that a replay looks into.
func TestEveryDeedIsReplayed(t *testing.T) {
	made := 0
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		ast.Inspect(parseFile(t, file), func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if of, ok := lit.Type.(*ast.Ident); ok && of.Name == "deed" {
					made++
				}
			}
			return true
		})
	}
	names := map[string]bool{}
	for _, d := range deeds() {
		names[d.name] = true
	}
	if made < 25 || len(names) != made || len(deeds()) != made {
		t.Errorf("%d deeds are made, %d are in the list by %d names", made, len(deeds()), len(names))
	}
}

// notReplayed are the fields of Config that a replay has no use for: what takes their place, or that what they do is recorded.
var notReplayed = map[string]string{
	"MediaEngine": "the World", "Dial": "the World", "Media": "only the engine sees it", "Record": "the recording itself",
	"Rand": "the seed", "Now": "the time of each entry", "Restore": "the first input",
	"StateKey": "only seals what is handed out", "Redirect": "a function", "AcceptRefer": "a function",
	"AcceptReplaces": "a function", "AcceptControl": "a function",
}

// TestEveryPartOfTheConfigurationIsReplayed: a field that is added to Config or Account changes what the core does, so the setup
// holds it. Secrets come from elsewhere.
func TestEveryPartOfTheConfigurationIsReplayed(t *testing.T) {
	var cfg Config
	fill(reflect.ValueOf(&cfg).Elem())
	cfg.Redirect, cfg.AcceptRefer, cfg.AcceptReplaces = never, agree, agree
	cfg.AcceptControl = func(context.Context, CallInfo, string) bool { return true }
	var s setup
	if err := json.Unmarshal(asJSON(newSetup(cfg, [32]byte{})), &s); err != nil {
		t.Fatal(err)
	}
	got, err := s.config(&recording.World{}, Account{Password: cfg.Account.Password, HA1: cfg.Account.HA1,
		Token: cfg.Account.Token})
	if err != nil {
		t.Fatal(err)
	}
	was, is := reflect.ValueOf(cfg), reflect.ValueOf(got)
	for i := range was.NumField() {
		name := was.Type().Field(i).Name
		switch {
		case was.Field(i).Kind() == reflect.Func && name != "Now" && name != "Dial":
			if is.Field(i).IsNil() {
				t.Errorf("%s is not there in a replay", name)
			}
		case notReplayed[name] == "" && !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()):
			t.Errorf("%s is %v in a replay, want %v", name, is.Field(i), was.Field(i))
		}
	}
}

// fill sets every field of a structure that is not a function or interface to something.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int, reflect.Int64:
			f.SetInt(2)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Struct:
			fill(f)
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.String {
				f.Set(reflect.ValueOf([]string{"x"}))
			}
		case reflect.Map:
			f.Set(reflect.MakeMap(f.Type()))
		}
	}
}
