package screen

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

// everyEvent has one of each kind.
var everyEvent = []Event{
	Attended{}, Login{}, Logout{}, TogglePassword{}, Show{}, Choose{}, ShowCaller{}, ShowPop{}, WidenList{}, ToggleMenu{},
	ToggleShortcuts{}, Press{}, Type{}, Write{}, Prefill{}, Paste{}, Backspace{}, ClearDial{}, Dial{}, Redial{}, Mark{},
	MakeCall{}, Answer{}, EndAndAnswer{}, Decline{}, Hangup{}, ToggleMute{}, ToggleHold{}, Swap{}, ToggleKeypad{},
	SendBehind{}, AddCall{}, CloseWhy{}, ToggleDoNotDisturb{}, ToggleDebug{}, TakeOver{}, Retry{},
	Dismiss{}, DismissUpdate{}, UpdateWaits{}, Update{}, DismissTransferred{}, ToggleAudio{}, SetTheme{}, SetLanguage{},
	Escape{}, Visible{}, Woke{}, Left{}, Returned{}, Sound{}, Updatable{}, Fault{}, PasteFailed{}, SearchHistory{}, SeeHistory{},
	Dropped{}, FilterHistory{},
	MoreHistory{}, ToggleSearch{}, ToggleTools{}, DeleteCalls{}, ClearHistory{}, WriteNote{}, MarkDone{}, OpenCall{},
	ExportHistory{}, SearchContacts{}, ShowFavourites{}, ScrollContacts{}, WindowHigh{}, OpenContact{}, EditContact{},
	AddNumber{}, RemoveNumber{}, SaveContact{}, CancelEdit{}, DeleteContact{}, SetFavourite{}, ReadImport{}, SetHeader{},
	SetColumn{}, SetPolicy{}, Import{}, ExportContacts{}, TakeBack{}, DropUndo{}, DismissNotKept{}, NotKept{},
	UseMicrophone{}, UseSpeaker{}, UseRinger{}, SetEcho{}, SetNoise{}, SetGain{}, SetRing{}, SetKeyTones{},
	SetAutoAnswer{}, SetName{}, MoveCodec{}, SwitchCodec{}, ToggleMeter{}, MeterFailed{}, ExportAll{}, AskErase{},
	Erase{}, DevicesFound{}, AnswerHandover{}, StartTransfer{}, TransferNow{}, AskFirst{}, CompleteTransfer{},
	CancelTransfer{}, ConnectCalls{},
}

// TestEveryEventIsListed holds the list against what the package declares.
func TestEveryEventIsListed(t *testing.T) {
	var listed, declared []string
	for _, e := range everyEvent {
		listed = append(listed, reflect.TypeOf(e).Name())
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "isEvent" {
				declared = append(declared, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	slices.Sort(listed)
	slices.Sort(declared)
	if !slices.Equal(listed, declared) {
		t.Errorf("listed are\n%q, declared\n%q", listed, declared)
	}
}

// plain tells what of a type could not leave its process: functions, channels, interfaces, what nobody else can read, and what
// belongs to another package than those that both sides have.
func plain(typ reflect.Type) (flaws []string, types int) {
	own := []string{"", "time", reflect.TypeFor[Snapshot]().PkgPath(), reflect.TypeFor[text.Sentence]().PkgPath()}
	seen := map[reflect.Type]bool{reflect.TypeFor[time.Time](): true}
	var look func(path string, typ reflect.Type)
	look = func(path string, typ reflect.Type) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		if !slices.Contains(own, typ.PkgPath()) {
			flaws = append(flaws, path+" is a "+typ.String())
		}
		switch typ.Kind() {
		case reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer, reflect.Uintptr, reflect.Map:
			flaws = append(flaws, path+" is a "+typ.Kind().String())
		case reflect.Pointer, reflect.Slice, reflect.Array:
			look(path, typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				f := typ.Field(i)
				if !f.IsExported() {
					flaws = append(flaws, path+"."+f.Name+" is seen by nobody else")
				}
				look(path+"."+f.Name, f.Type)
			}
		}
	}
	look(typ.Name(), typ)
	return flaws, len(seen)
}

// TestSnapshotAndEventsArePlainData: the phone and its windows may live in different processes.
func TestSnapshotAndEventsArePlainData(t *testing.T) {
	flaws, types := plain(reflect.TypeFor[Snapshot]())
	if types < 45 {
		t.Errorf("only %d types seen", types)
	}
	for _, e := range everyEvent {
		more, _ := plain(reflect.TypeOf(e))
		flaws = append(flaws, more...)
	}
	for _, flaw := range flaws {
		t.Error(flaw)
	}
}

// TestPlainFindsFlaws shows the test above each thing that it is for.
func TestPlainFindsFlaws(t *testing.T) {
	for _, typ := range []reflect.Type{
		reflect.TypeFor[struct{ A func() }](), reflect.TypeFor[struct{ A []chan int }](),
		reflect.TypeFor[struct{ A *struct{ B error } }](),
		reflect.TypeFor[struct{ a int }](), reflect.TypeFor[struct{ A map[string]int }](),
		reflect.TypeFor[struct{ A token.Pos }](),
		reflect.TypeFor[struct{ A [2]any }](), reflect.TypeFor[struct{ A time.Timer }](),
	} {
		if flaws, _ := plain(typ); len(flaws) == 0 {
			t.Errorf("%v counts as plain", typ)
		}
	}
	if flaws, _ := plain(reflect.TypeFor[struct {
		A *[]time.Time
		B text.Sentence
		C []*Line
	}]()); len(flaws) > 0 {
		t.Errorf("plain data counts as %v", flaws)
	}
}

// fill puts something into each field, another thing into each.
func fill(v reflect.Value, n *int) {
	*n++
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(int64(*n), 0).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 200))
	case reflect.Float64:
		v.SetFloat(float64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("cannot fill a " + v.Kind().String())
	}
}

// TestSnapshotCrossesAsBytes sends one that is full of everything through a codec: what is shown on the other side is the same.
func TestSnapshotCrossesAsBytes(t *testing.T) {
	var s, got Snapshot
	n := 0
	fill(reflect.ValueOf(&s).Elem(), &n)
	var wire bytes.Buffer
	if err := gob.NewEncoder(&wire).Encode(s); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&wire).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if n < 400 || !reflect.DeepEqual(got, s) {
		t.Errorf("of %d values some got lost:\n%+v\n%+v", n, s, got)
	}
}

// TestEventsCrossAsBytes does that with events.
func TestEventsCrossAsBytes(t *testing.T) {
	for _, e := range everyEvent {
		full, got := reflect.New(reflect.TypeOf(e)), reflect.New(reflect.TypeOf(e))
		fill(full.Elem(), new(int))
		wire, err := json.Marshal(full.Interface())
		if err == nil {
			err = json.Unmarshal(wire, got.Interface())
		}
		if err != nil || !reflect.DeepEqual(got.Interface(), full.Interface()) {
			t.Errorf("%T: %+v arrives as %+v, %v; sent was %s", e, full, got, err, strings.TrimSpace(string(wire)))
		}
	}
}
