package contacts

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestEndOfJSONValues cuts values of all kinds out of what stands around them, and compares with encoding/json.
func TestEndOfJSONValues(t *testing.T) {
	for _, value := range []string{`"a"`, `""`, `"\""`, `"\\"`, `"a\\\"b"`, `"[{"`, `1`, `-1.5e3`, `true`, `null`, `{}`, `[]`,
		`{"a":[1,{"b":"}"}]}`, `[[],[]]`,
		`["]"]`, `{"a":"\\"}`, `{"ä":"\u00e4"}`} {
		for _, behind := range []string{",1", "]", "}", " ,", "\n", "\r\n]", ",\"x\""} {
			if got := valueEnd([]byte(value+behind), nil); got != len(value) {
				t.Errorf("%s ends at %d, want %d", value+behind, got, len(value))
			}
		}
		if !json.Valid([]byte(value)) {
			t.Errorf("%s is no JSON", value)
		}
	}
	for _, none := range []string{"", `"`, `"a`, `"a\"`, "{", "[", "[1", `{"a":1`, `["]`, ",", "]", "}", " 1", `{"a":"}`} {
		if got := valueEnd([]byte(none), nil); got != 0 {
			t.Errorf("%q ends at %d, want no value", none, got)
		}
	}
	pauses := 0
	if end := valueEnd([]byte(`"`+strings.Repeat("a", 3*looked)+`"`), func() { pauses++ }); end != 3*looked+2 || pauses != 3 {
		t.Errorf("a long value ends at %d with %d pauses", end, pauses)
	}
}

// TestMembersOfJSON lists keys and values as encoding/json has them.
func TestMembersOfJSON(t *testing.T) {
	for object, want := range map[string]string{
		`{}`: "", `{ }`: "", `{"a":1}`: "a=1 ", `{ "a" : 1 , "b" : [1, 2] }`: "a=1 b=[1, 2] ",
		`{"a":{"b":1},"c":"}"}`: `a={"b":1} c="}" `,
		"{\n\t\"a\":\r\n 1\n}":  "a=1 ", `{"a":1`: "a=1 ", `{"a"}`: "", `{"a" 1}`: "", `{1:2}`: "", `{"a":}`: "",
		`{"\u0061":1}`: "a=1 ", `{"a":1,}`: "a=1 ",
	} {
		got := ""
		for key, value := range members([]byte(object), nil) {
			got += fmt.Sprintf("%s=%s ", key, value)
		}
		if got != want && object != `{"a":1` { // cut off: what is not there cannot be whole
			t.Errorf("%s has %q, want %q", object, got, want)
		}
	}
	for key := range members([]byte(`{"a":1,"b":2}`), nil) {
		if key != "a" {
			t.Error("goes on after the end")
		}
		break
	}
}

// TestPhonebooksOfJSON reads the ways in which programs write a list of contacts.
func TestPhonebooksOfJSON(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"list":             {`[{"name":"Ann","number":"1001"}]`, "Ann |  |  |  |  | =1001"},
		"object":           {`{"contacts":[{"name":"Ann","phone":1001}]}`, "Ann |  |  |  |  | =1001"},
		"first known list": {`{"other":[{"name":"Ben"}],"users":[{"name":"Ann"}],"x":1}`, "Ann |  |  |  |  | "},
		"names in parts":   {`[{"firstName":"Ann","lastName":"Lee","company":"Clinic"}]`, "Ann Lee | Ann | Lee | Clinic |  | "},
		"nested": {`[{"name":{"given":"Ann","family":"Lee"},"organization":{"name":"Clinic"}}]`,
			"Ann Lee | Ann | Lee | Clinic |  | "},
		"lists of nested": {`[{"names":[{"displayName":"Ann ` +
			`Lee"},{"displayName":"Ben"}],"organizations":[],"phoneNumbers":[{"value":"1001","formattedType":"Desk"}]}]`,
			"Ann Lee |  |  |  |  | Desk=1001"},
		"too deep": {`[{"name":{"name":{"name":{"name":{"name":"Ann"}}}},"phone":"1001"}]`, "1001 |  |  |  |  | =1001"},
		"deep":     {`[{"name":{"name":{"name":{"name":"Ann"}}}}]`, "Ann |  |  |  |  | "},
		"texts": {`[{"name":"Ann","phones":["1001",1002,null,"",{"number":"1003"}]}]`,
			"Ann |  |  |  |  | =1001, =1002, =1003"},
		"by name": {`[{"name":"Ann","phones":{"work":"1001","mobile":["1002","1003"],"fax":"9","none":null}}]`,
			"Ann |  |  |  |  | Mobile=1002, Mobile=1003, Work=1001"},
		"labelled": {`[{"name":"Ann","numbers":[{"name":"Desk","number":"1001","extension":"7"},{"label":"* ` +
			`Lab","value":"1002","ext":8}]}]`, "Ann |  |  |  |  | Desk=1001 x7, Lab=1002 x8"},
		"fax": {`[{"name":"Ann","numbers":[{"type":"Work Fax","number":"9"}],"fax":"8","home_fax_number":"7"}]`,
			"Ann |  |  |  |  | "},
		"keys say what": {`[{"name":"Ann","mobile_number":"1001","work_phone":"1002","telephone":"1003"}]`,
			"Ann |  |  |  |  | Mobile=1001, =1003, Work=1002"},
		"extension of one": {`[{"name":"Ann","phone":"+4420","ext":"12"}]`, "Ann |  |  |  |  | =+4420 x12"},
		"extension alone":  {`[{"name":"Ann","extension":12}]`, "Ann |  |  |  |  | =12"},
		"extension of two": {`[{"name":"Ann","phone":"1001","mobile":"1002","ext":"12"}]`,
			"Ann |  |  |  |  | Mobile=1002, =1001, =12"},
		"one has its own": {`[{"name":"Ann","numbers":[{"number":"1001","ext":"7"}],"ext":"12"}]`,
			"Ann |  |  |  |  | =1001 x7, =12"},
		"spaces everywhere": {" [ {\n\"name\" : \"Ann\" } , \r\n{\"name\":\"Ben\"} ] ", "Ann |  |  |  |  | ;Ben |  |  |  |  | "},
		"no objects":        {`[1,"x",null,[],{"name":"Ann"}]`, "Ann |  |  |  |  | "},
		"empty list":        {`[]`, ""},
		"signs for nobody":  {`[{"name":"Ann","phones":["n/a","--","1001"]}]`, "Ann |  |  |  |  | =1001"},
		"escapes":           {`[{"name":"\u00c4nn \"x\"","phone":"+44\u00a020"}]`, "Änn \"x\" |  |  |  |  | =+44 20"},
	} {
		list, _, err := ReadPhonebook([]byte(c.data), nil)
		if got := strings.Join(describedAll(list), ";"); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
	for _, none := range []string{`{}`, `{"contacts":1}`, `{"contacts":{}}`, `{"x":[]}`, `[`, `[{}`, `[{},]`, `[{} {}]`, `[,]`,
		`[1,,2]`, `{"contacts":[1}`} {
		if list, _, err := ReadPhonebook([]byte(none), nil); !errors.Is(err, ErrPhonebook) {
			t.Errorf("%s is a phonebook of %d, %v", none, len(list), err)
		}
	}
}

// TestIDsOfJSONAreKept reads IDs that are texts and numbers; a name or number called ID is none.
func TestIDsOfJSONAreKept(t *testing.T) {
	list, _, err := ReadPhonebook([]byte(`[{"id":"a","name":"A"},{"id":7,"name":"B"},{"id":null,"name":"C"},{"id":["x"],`+
		`"name":"D"}]`), nil)
	if err != nil || len(list) != 4 {
		t.Fatal(list, err)
	}
	for i, want := range []string{"a", "7", "", ""} {
		if list[i].ID != want || !list[i].ReadOnly() {
			t.Errorf("%q has the ID %q, want %q; read-only %t", list[i].Name, list[i].ID, want, list[i].ReadOnly())
		}
	}
}

// TestJSONIsReadAsEncodingJSONReadsIt makes contacts by chance and writes them with and without spaces.
func TestJSONIsReadAsEncodingJSONReadsIt(t *testing.T) {
	for seed := range seeds(200) {
		rnd := rand.New(rand.NewPCG(seed, 127))
		want := []Contact{}
		for range rnd.IntN(6) {
			if c := contactByChance(rnd).cleaned().named(); c.Name != "" {
				c.Source = Company
				if len(c.Numbers) == 0 {
					c.Numbers = []Number{}
				}
				want = append(want, c)
			}
		}
		data, err := json.Marshal(want)
		if err == nil && rnd.IntN(2) == 0 {
			data, err = json.MarshalIndent(want, "", " \t")
		}
		if err != nil {
			t.Fatal(err)
		}
		got, faults, err := ReadPhonebook(data, nil)
		if err != nil || len(faults) > 0 || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("seed %d: %v, %v\ngot  %v\nwant %v", seed, err, faults, got, want)
		}
	}
}

func FuzzPhonebook(f *testing.F) {
	for _, seed := range []string{`[{"name":"A","phones":{"work":["1"]}}]`, `{"contacts":[{}]}`, `[{"names":[{"given":"a"}]},`,
		"<AddressBook><Contact><Phone>1</Phone></Contact></AddressBook>",
		"<phonebooks><contact><![CDATA[x]]></contact>", "<a b='", "Name,Phone\na,1", "BEGIN:VCARD\nTEL:1\nEND:VCARD",
		"\xff\xfe[\x00]\x00", `["\ud800"]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, faults, err := ReadPhonebook(data, nil)
		if err != nil && (len(list) > 0 || len(faults) > 0) {
			t.Errorf("%v, and %d contacts all the same", err, len(list))
		}
		for _, c := range list {
			if c.Name == "" || len(c.Numbers) > MaxNumbers || fmt.Sprint(c.cleaned()) != fmt.Sprint(c) {
				t.Errorf("%+v is no contact as a book holds it", c)
			}
		}
		if again, _, err2 := ReadPhonebook(data, nil); fmt.Sprint(again) != fmt.Sprint(list) || (err2 == nil) != (err == nil) {
			t.Errorf("the second time it is read as %+v", again)
		}
	})
}
