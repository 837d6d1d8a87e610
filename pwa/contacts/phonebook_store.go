package contacts

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/gowebphone/webphone/pwa/store"
)

// Phonebook is the company's as it is stored, for the time without network.
type Phonebook struct {
	URL      string    `json:"url"`
	ETag     string    `json:"etag,omitempty"` // of the answer it came with
	Contacts []Contact `json:"contacts"`
}

var phonebookKind = store.Kind{Name: "phonebook", Version: 1, MaxBytes: 64 << 20}

// phonebookHead is how the document of a phonebook begins, as phonebookKind writes it.
const phonebookHead = `{"kind":"phonebook","version":1,"data":`

var contactsKey = []byte(`"contacts":[`)

// LoadPhonebook reads the phonebook stored under key; its errors are those of store.Kind.Load. It calls pause, which may be nil,
// again and again while it works.
func LoadPhonebook(ctx context.Context, from store.Store, key string, pause func()) (Phonebook, error) {
	var p Phonebook
	err := store.LoadWith(ctx, from, key, func(raw []byte) (aside string, err error) {
		if p.readAsWritten(raw, pause) {
			return "", nil
		}
		p = Phonebook{}
		return phonebookKind.Read(raw, &p)
	})
	return p, err
}

// readAsWritten reads what Document has written, contact by contact. What is left without them has to be whole.
func (p *Phonebook) readAsWritten(raw []byte, pause func()) bool {
	at := bytes.Index(raw[:min(len(raw), 16<<10)], contactsKey)
	if at < 0 || !bytes.HasPrefix(raw, []byte(phonebookHead)) || len(raw) > phonebookKind.MaxBytes {
		return false
	}
	at += len(contactsKey)
	var in slab
	rest, step := raw[at:], paced(pause)
	for more := !bytes.HasPrefix(rest, []byte("]")); more; step() {
		var c Contact
		end := objectEnd(rest)
		if end == 0 || json.Unmarshal(rest[:end], &c) != nil {
			return false
		}
		p.Contacts = append(p.Contacts, in.contact(c))
		rest, more = bytes.CutPrefix(rest[end:], []byte(","))
	}
	frame := Phonebook{}
	if _, err := phonebookKind.Read(slices.Concat(raw[:at], rest), &frame); err != nil || len(frame.Contacts) > 0 {
		return false
	}
	p.URL, p.ETag = frame.URL, frame.ETag
	return true
}

// Document is what is stored of the phonebook. It calls pause, which may be nil, again and again while it works.
func (p Phonebook) Document(pause func()) ([]byte, error) {
	frame, err := json.Marshal(Phonebook{URL: p.URL, ETag: p.ETag, Contacts: []Contact{}})
	if err != nil {
		return nil, err
	}
	doc := append([]byte(phonebookHead), bytes.TrimSuffix(frame, []byte("]}"))...)
	step := paced(pause)
	for i, c := range p.Contacts {
		step()
		data, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			doc = append(doc, ',')
		}
		doc = append(doc, data...)
	}
	return append(doc, "]}}"...), nil
}
