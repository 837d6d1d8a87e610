package contacts

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/store"
)

func savePhonebook(t testing.TB, p Phonebook, to store.Store, pause func()) {
	t.Helper()
	doc, err := p.Document(pause)
	if err == nil {
		err = to.Save(t.Context(), "phonebook", doc)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestPhonebookIsStoredAsEncodingJSONWouldDoIt(t *testing.T) {
	for name, p := range map[string]Phonebook{
		"empty": {URL: "/phonebook.json", Contacts: []Contact{}},
		"tricky": {URL: `/a"contacts":[<&>`, ETag: `W/"}],"`,
			Contacts: []Contact{{ID: "7", Name: `}],"x":[{\" <&>`, Numbers: []Number{{"Work", "1001", "5"}}}, {Name: "مكتب"}}},
	} {
		medium, want := &store.Memory{}, &store.Memory{}
		if err := phonebookKind.Save(t.Context(), want, "phonebook", p); err != nil {
			t.Fatal(err)
		}
		savePhonebook(t, p, medium, nil)
		if got := string(medium.Data["phonebook"]); got != string(want.Data["phonebook"]) {
			t.Errorf("%s: stored\n%s\nwant\n%s", name, got, want.Data["phonebook"])
		}
		again, err := LoadPhonebook(t.Context(), medium, "phonebook", nil)
		if again.Contacts == nil {
			again.Contacts = []Contact{}
		}
		if err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("%s: read %+v, %v; want %+v", name, again, err, p)
		}
	}
}

func TestPhonebookWrittenInAnotherWayIsRead(t *testing.T) {
	for _, doc := range []string{
		`{"version":1,"data":{"contacts":[{"name":"Lab","id":"1"}],"url":"/a"},"kind":"phonebook"}`,
		"{\"kind\":\"phonebook\",\"version\":1,\"data\":{\"url\":\"/a\",\"contacts\":[\n {\"id\":\"1\",\"name\":\"Lab\"} ] } }",
	} {
		p, err := LoadPhonebook(t.Context(), &store.Memory{Data: map[string][]byte{"phonebook": []byte(doc)}}, "phonebook", nil)
		if err != nil || p.URL != "/a" || len(p.Contacts) != 1 || p.Contacts[0].Name != "Lab" {
			t.Errorf("%s: %+v, %v", doc, p, err)
		}
	}
	good := phonebookHead + `{"url":"/a","contacts":[{"id":"1","name":"Lab"},{"id":"2","name":"Depot"}]}}`
	for what, doc := range map[string]string{"cut off": good[:len(good)-1], "cut inside": good[:len(good)-9],
		"a comma more": strings.Replace(good, "}]", "},]", 1),
		"another type": strings.Replace(good, `"Depot"`, "7", 1), "something behind": good + "}"} {
		medium := &store.Memory{Data: map[string][]byte{"phonebook": []byte(doc)}}
		p, err := LoadPhonebook(t.Context(), medium, "phonebook", nil)
		var damaged *store.DamagedError
		if !errors.As(err, &damaged) || len(p.Contacts) != 0 && !json.Valid([]byte(doc)) && p.URL != "" {
			t.Errorf("%s: %+v, %v", what, p, err)
		}
	}
	if p, err := LoadPhonebook(t.Context(), &store.Memory{}, "phonebook", nil); err != nil || p.URL != "" {
		t.Errorf("nothing stored: %+v, %v", p, err)
	}
}

// TestPhonebookOfManyIsStoredAndReadInSlices gives others their turn in many rows.
func TestPhonebookOfManyIsStoredAndReadInSlices(t *testing.T) {
	p, medium, pauses := Phonebook{URL: "/a", ETag: "1", Contacts: bigBook(5000).All()}, &store.Memory{}, 0
	pause := func() { pauses++ }
	want := len(p.Contacts) / sliceLength
	if savePhonebook(t, p, medium, pause); pauses < want {
		t.Errorf("%d pauses while it is stored, want %d", pauses, want)
	}
	pauses = 0
	again, err := LoadPhonebook(t.Context(), medium, "phonebook", pause)
	if err != nil || pauses < want || !reflect.DeepEqual(again, p) {
		t.Errorf("%d contacts after %d pauses, %v", len(again.Contacts), pauses, err)
	}
	list, _ := json.Marshal(p.Contacts)
	for name, data := range map[string]string{"list": string(list), "object": `{"x":[],"contacts":` + string(list) + `}`} {
		pauses = 0
		if got, _, err := ReadPhonebook([]byte(data), pause); err != nil || len(got) != len(p.Contacts) || pauses < want {
			t.Errorf("%s: %d contacts after %d pauses, %v", name, len(got), pauses, err)
		}
	}
}
