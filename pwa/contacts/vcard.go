package contacts

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"

	"github.com/emersion/go-vcard"

	"github.com/gowebphone/webphone/pwa/sheet"
)

const (
	maxVCardLine  = 8 << 10 // longer ones hold pictures and keys, which nobody calls
	maxVCardLines = 500     // of one card
	semicolon     = "\x1f"  // stands for an escaped semicolon, which must not split a value
)

// ReadVCards reads vCards of version 2.1, 3.0 and 4.0. Cards without a name and a number are left out and reported, and so are
// groups. It calls pause, which may be nil, again and again while it works.
func ReadVCards(data []byte, pause func()) ([]Contact, []Fault, error) {
	if len(data) > MaxFile {
		return nil, nil, Fault{Reason: "the file is larger than 32 MB"}
	}
	if sheet.Wide(data) {
		data = []byte(sheet.Decode(data, pause))
	}
	if !bytes.Contains(bytes.ToUpper(data[:min(len(data), 1<<16)]), []byte("BEGIN:VCARD")) {
		return nil, nil, Fault{Reason: "the file holds no vCard"}
	}
	var contacts []Contact
	var faults []Fault
	fault := func(line int, reason string) {
		if len(faults) < maxImportFaults {
			faults = append(faults, Fault{line, reason})
		}
	}
	for line, text := range cardsOf(data, pause) {
		if len(contacts) >= Max {
			fault(line, "the file has more contacts than a book can hold; the rest is left out")
			break
		}
		c, reason := readCard(text)
		if reason != "" {
			fault(line, reason)
		}
		if c.Name != "" {
			contacts = append(contacts, c)
		}
	}
	return contacts, faults, nil
}

// readCard makes a contact of one card. It says why there is none, without a name then, or what of it is left out.
func readCard(text string) (c Contact, reason string) {
	card, err := vcard.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		return c, "the vCard cannot be read"
	}
	if kind := card.Value("X-ADDRESSBOOKSERVER-KIND") + card.Value(vcard.FieldKind); strings.EqualFold(kind, "group") {
		return c, "the vCard is of a group, not of somebody to call"
	}
	if c, reason = contactOfCard(card).fromFile(); c.Name == "" {
		reason = "the vCard has neither name nor number"
	}
	return c, reason
}

// cardsOf yields the cards of a file with the line they begin at, made ready for the decoder.
func cardsOf(data []byte, pause func()) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		var card strings.Builder
		begin, lines := 0, 0
		for number, line := range unfolded(data, pause) {
			upper := strings.ToUpper(strings.TrimSpace(line[:min(len(line), 20)]))
			if upper == "BEGIN:VCARD" {
				card.Reset()
				begin, lines = number, 0
			}
			if line = readyLine(line); line == "" || begin == 0 {
				continue
			}
			if lines++; lines > maxVCardLines && upper != "END:VCARD" {
				continue
			}
			card.WriteString(line + "\r\n")
			if upper == "END:VCARD" {
				if !yield(begin, card.String()) {
					return
				}
				begin = 0
			}
		}
		if begin != 0 {
			yield(begin, card.String())
		}
	}
}

// logical is a line (RFC 6350 section 3.2) while its parts are put together.
type logical struct {
	text   []byte // cut at maxVCardLine
	begin  int    // 0: there is none
	quoted bool   // quoted-printable, whose lines may break behind "="
	soft   bool   // and this one did
}

func (l *logical) start(raw []byte, number int) {
	*l = logical{text: l.text[:0], begin: number, quoted: quotedPrintable(string(raw[:min(len(raw), 256)]))}
	l.add(raw)
}

func (l *logical) add(raw []byte) {
	if l.soft = l.quoted && bytes.HasSuffix(raw, []byte("=")); l.soft {
		raw = raw[:len(raw)-1]
	}
	l.text = append(l.text, raw[:min(len(raw), max(0, maxVCardLine-len(l.text)))]...)
}

// goesOn tells whether a line is the next part of this one, and what of it is.
func (l *logical) goesOn(raw []byte) ([]byte, bool) {
	if l.begin == 0 {
		return raw, false
	}
	if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
		return raw[1:], true
	}
	return raw, l.soft
}

// unfolded yields the logical lines and where they begin. What is longer than maxVCardLine comes back cut. Each line is decoded
// by itself: old programs write cards of several encodings into one file.
func unfolded(data []byte, pause func()) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		var line logical
		number, step := 0, paced(pause)
		for raw := range bytes.SplitSeq(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n")) {
			step()
			number++
			raw = bytes.TrimRight(raw, "\r")
			if part, more := line.goesOn(raw); more {
				line.add(part)
				continue
			}
			if line.begin != 0 && !yield(line.begin, sheet.Decode(line.text, nil)) {
				return
			}
			line.start(raw, number)
		}
		yield(line.begin, sheet.Decode(line.text, nil))
	}
}

// headOf splits a line at the colon that ends its parameters.
func headOf(line string) (head, value string, ok bool) {
	quoted := false
	for i := range len(line) {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				return line[:i], line[i+1:], true
			}
		}
	}
	return "", "", false
}

// parameters splits the head of a line at the semicolons that stand in no quotation marks.
func parameters(head string) []string {
	quoted := false
	return strings.FieldsFunc(head, func(r rune) bool {
		quoted = quoted != (r == '"')
		return r == ';' && !quoted
	})
}

func quotedPrintable(line string) bool {
	head, _, _ := headOf(line[:min(len(line), 256)])
	return strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
}

// cardLines are the properties that make a contact. Of a card that has more lines than those the others count for nothing.
var cardLines = words("BEGIN|END|VERSION|KIND|X-ADDRESSBOOKSERVER-KIND|N|FN|ORG|CATEGORIES|UID|X-CUSTOMER|X-CONTACT-TYPE|" +
	"TEL|IMPP|X-SIP|X-ABLABEL")

// readyLine writes the ways of vCard 2.1 in those the decoder knows, and marks escaped semicolons. It returns "" for lines
// that are left out.
func readyLine(line string) string {
	head, value, ok := headOf(line)
	params := parameters(head)
	if !ok || len(line) >= maxVCardLine || len(params) == 0 {
		return ""
	}
	name := strings.ToUpper(params[0][strings.LastIndexByte(params[0], '.')+1:]) // behind the group: item1.TEL
	if !cardLines[strings.TrimSpace(name)] {
		return ""
	}
	for i, p := range params[1:] {
		if !strings.Contains(p, "=") {
			params[i+1] = "TYPE=" + p
		}
	}
	if quotedPrintable(line) {
		decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
		if err != nil {
			return ""
		}
		value = strings.ReplaceAll(strings.ReplaceAll(sheet.Decode(decoded, nil), "\r", ""), "\n", `\n`)
	}
	if name == vcard.FieldCategories {
		value = firstOfList(value)
	}
	return strings.Join(params, ";") + ":" + escapedSemicolons(strings.ReplaceAll(value, semicolon, ""))
}

// firstOfList cuts a list at its first comma that is not part of a value (RFC 6350 section 3.4).
func firstOfList(value string) string {
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case ',':
			return value[:i]
		}
	}
	return value
}

func escapedSemicolons(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' || i+1 == len(value) {
			b.WriteByte(value[i])
			continue
		}
		i++
		switch value[i] {
		case ';':
			b.WriteString(semicolon)
		case ':': // vCard 2.1
			b.WriteByte(':')
		case 'N':
			b.WriteString(`\n`)
		default:
			b.WriteByte('\\')
			b.WriteByte(value[i])
		}
	}
	return b.String()
}

// components splits a structured value (N, ORG).
func components(value string, n int) []string {
	parts := strings.Split(value, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(parts[i], semicolon, ";"))
	}
	return append(parts, make([]string, max(0, n-len(parts)))...)
}

func plainValue(value string) string { return strings.ReplaceAll(value, semicolon, ";") }

func contactOfCard(card vcard.Card) Contact {
	var c Contact
	name := components(card.Value(vcard.FieldName), 2)
	c.Family, c.Given = name[0], name[1]
	c.Name = plainValue(card.Value(vcard.FieldFormattedName))
	c.Organisation = components(card.Value(vcard.FieldOrganization), 1)[0]
	c.Category = plainValue(card.Value(vcard.FieldCategories))
	c.Customer = plainValue(card.Value("X-CUSTOMER"))
	c.Type = plainValue(card.Value("X-CONTACT-TYPE"))
	c.ID = plainValue(card.Value(vcard.FieldUID))
	labels := groupLabels(card)
	for _, f := range card[vcard.FieldTelephone] {
		n := cardNumber(f)
		if label := labels[f.Group]; label != "" {
			n.Name = label
		}
		if !fax(f) && !faxLabel(n.Name) && !nobody(n.Number) {
			c.Numbers = append(c.Numbers, n)
		}
	}
	for _, key := range []string{vcard.FieldIMPP, "X-SIP"} {
		for _, f := range card[key] {
			if v := plainValue(f.Value); key == "X-SIP" || strings.HasPrefix(strings.ToLower(v), "sip") {
				c.Numbers = append(c.Numbers, Number{Name: "SIP", Number: v})
			}
		}
	}
	return c
}

// groupLabels are the names of the numbers that stand in lines of their own: item1.X-ABLabel names item1.TEL.
func groupLabels(card vcard.Card) map[string]string {
	labels := map[string]string{}
	for _, f := range card["X-ABLABEL"] {
		if f.Group != "" {
			labels[f.Group] = cleanLabel(plainValue(f.Value))
		}
	}
	return labels
}

// numberNames are the types of a number worth showing (RFC 6350 section 6.4.1), in the order in which they are taken.
var numberNames = []struct{ kind, name string }{{"cell", "Mobile"}, {"iphone", "iPhone"}, {"pager", "Pager"}, {"work", "Work"},
	{"home", "Home"}, {"main", "Main"}, {"car", "Car"}, {"other", "Other"}}

func fax(f *vcard.Field) bool { return f.Params.HasType("fax") && !f.Params.HasType("voice") }

func cardNumber(f *vcard.Field) Number {
	number := plainValue(f.Value)
	n := Number{Number: number}
	if scheme, rest, ok := strings.Cut(number, ":"); ok && strings.EqualFold(scheme, "tel") {
		var params string
		n.Number, params, _ = strings.Cut(rest, ";")
		for p := range strings.SplitSeq(params, ";") {
			if ext, ok := strings.CutPrefix(strings.ToLower(p), "ext="); ok {
				n.Extension = ext
			}
		}
	}
	if label := strings.Join(f.Params["LABEL"], ","); label != "" {
		n.Name = plainValue(label)
		return n
	}
	if label := f.Params.Get("X-LABEL"); label != "" {
		n.Name = cleanLabel(plainValue(label))
		return n
	}
	for _, known := range numberNames {
		if f.Params.HasType(known.kind) {
			n.Name = known.name
			break
		}
	}
	return n
}
