package contacts

import (
	"errors"
	"testing"
)

func TestReadPhonebook(t *testing.T) {
	for name, data := range map[string]string{
		"list": `[{"id":7,"name":"Example ` +
			`Clinic","company":"Example","numbers":[{"name":"Work","number":"+442079460000","extension":"5"},"1001"]},` +
			`{"first_name":"Front","lastName":"Desk","phone":1002},{"x":1},3]`,
		"object": `{"contacts":[{"id":7,"name":"Example ` +
			`Clinic","company":"Example","numbers":[{"type":"Work","number":"+442079460000","extension":5},"1001"]},` +
			`{"given":"Front","family":"Desk","telephone":"1002"},{},[]]}`,
		"vcard": "\ufeff begin:VCARD\r\nVERSION:4.0\r\nUID:7\r\nFN:Example " +
			"Clinic\r\nORG:Example\r\nTEL;TYPE=work;VALUE=uri:tel:+442079460000;ext=5\r\nTEL:1001\r\nEND:VCARD\r\n" +
			"BEGIN:VCARD\r\nN:Desk;Front\r\nTEL:1002\r\nEND:VCARD\r\n" +
			"BEGIN:VCARD\r\nEND:VCARD\r\nBEGIN:VCARD\r\nNOTE:x\r\nEND:VCARD",
	} {
		contacts, faults, err := ReadPhonebook([]byte(data), nil)
		if err != nil || len(faults) != 2 || len(contacts) != 2 {
			t.Errorf("%s: %+v, %v, %v", name, contacts, faults, err)
			continue
		}
		b := NewBook(british)
		b.SetPhonebook(contacts, nil)
		c, n, _ := b.Caller("+442079460000")
		if c.Name != "Example Clinic" || c.ID != "phonebook:7" || !c.ReadOnly() || c.Organisation != "Example" ||
			n != (Number{"Work", "+442079460000", "5"}) {
			t.Errorf("%s: %+v, %+v", name, c, n)
		}
		if c, _, _ := b.Caller("1002"); c.Name != "Front Desk" {
			t.Errorf("%s: 1002 is %q", name, c.Name)
		}
	}
	for _, bad := range []string{"", "<html>", `{"error":"no"}`, "7"} {
		if _, _, err := ReadPhonebook([]byte(bad), nil); !errors.Is(err, ErrPhonebook) {
			t.Errorf("ReadPhonebook(%q) = %v", bad, err)
		}
	}
}
