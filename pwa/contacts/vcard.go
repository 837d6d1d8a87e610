package contacts

import (
	"bytes"
	"errors"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-vcard"

	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/sheet"
)

const (
	maxVCardLine  = 8 << 10 // longer ones hold pictures and keys, which nobody calls
	maxVCardLines = 500     // of one card
	semicolon     = "\x1f"  // stands for an escaped semicolon, which must not split a value
)

// ReadVCards reads vCards of version 2.1, 3.0 and 4.0. Cards without a name and a number are left out and reported. It calls
// pause, which may be nil, again and again while it works.
func ReadVCards(data []byte, pause func()) ([]Contact, []Fault, error) {
	if len(data) > MaxFile {
		return nil, nil, Fault{Reason: "the file is larger than 32 MB"}
	}
	if !bytes.Contains(bytes.ToUpper(data[:min(len(data), 1<<16)]), []byte("BEGIN:VCARD")) {
		return nil, nil, Fault{Reason: "the file holds no vCard"}
	}
	var contacts []Contact
	var faults []Fault
	step := paced(pause)
	fault := func(line int, reason string) {
		if len(faults) < maxImportFaults {
			faults = append(faults, Fault{line, reason})
		}
	}
	for line, text := range cardsOf(sheet.Decode(data)) {
		step()
		if len(contacts) >= Max {
			fault(line, "the file has more contacts than a book can hold; the rest is left out")
			break
		}
		card, err := vcard.NewDecoder(strings.NewReader(text)).Decode()
		if err != nil {
			fault(line, "the vCard cannot be read")
			continue
		}
		c := contactOfCard(card).cleaned().named()
		if c.Name == "" {
			fault(line, "the vCard has neither name nor number")
			continue
		}
		contacts = append(contacts, c)
	}
	return contacts, faults, nil
}

// cardsOf yields the cards of a file with the line they begin at, made ready for the decoder.
func cardsOf(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		var card strings.Builder
		begin, lines := 0, 0
		for number, line := range unfolded(text) {
			upper := strings.ToUpper(strings.TrimSpace(line[:min(len(line), 20)]))
			if upper == "BEGIN:VCARD" {
				card.Reset()
				begin, lines = number, 0
			}
			lines++
			if line = readyLine(line); line == "" || begin == 0 || lines > maxVCardLines && upper != "END:VCARD" {
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

// unfolded yields the logical lines (RFC 6350 section 3.2) and where they begin; the soft line breaks of quoted-printable
// (vCard 2.1) are joined too. What is longer than maxVCardLine comes back cut.
func unfolded(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		var line strings.Builder
		begin, number, soft := 0, 0, false
		for raw := range strings.SplitSeq(text, "\n") {
			number++
			raw = strings.TrimRight(raw, "\r")
			folded := raw != "" && (raw[0] == ' ' || raw[0] == '\t')
			if begin != 0 && (folded || soft) {
				if folded {
					raw = raw[1:]
				}
			} else {
				if begin != 0 && !yield(begin, line.String()) {
					return
				}
				line.Reset()
				begin = number
			}
			soft = quotedPrintable(line.String()+raw) && strings.HasSuffix(raw, "=")
			if soft {
				raw = raw[:len(raw)-1]
			}
			line.WriteString(raw[:min(len(raw), max(0, maxVCardLine-line.Len()))])
		}
		if begin != 0 {
			yield(begin, line.String())
		}
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

func quotedPrintable(line string) bool {
	head, _, _ := headOf(line[:min(len(line), 256)])
	return strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
}

// readyLine writes the ways of vCard 2.1 in those the decoder knows, and marks escaped semicolons. It returns "" for lines
// that are left out.
func readyLine(line string) string {
	head, value, ok := headOf(line)
	if !ok || len(line) >= maxVCardLine {
		return ""
	}
	params := strings.Split(head, ";")
	for i, p := range params[1:] {
		if !strings.Contains(p, "=") && p != "" {
			params[i+1] = "TYPE=" + p
		}
	}
	if quotedPrintable(line) {
		decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
		if err != nil {
			return ""
		}
		value = strings.ReplaceAll(strings.ReplaceAll(sheet.Decode(decoded), "\r", ""), "\n", `\n`)
	}
	return strings.Join(params, ";") + ":" + escapedSemicolons(strings.ReplaceAll(value, semicolon, ""))
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
	c.Category, _, _ = strings.Cut(plainValue(card.Value(vcard.FieldCategories)), ",")
	c.Customer = plainValue(card.Value("X-CUSTOMER"))
	c.Type = plainValue(card.Value("X-CONTACT-TYPE"))
	c.ID = plainValue(card.Value(vcard.FieldUID))
	for _, f := range card[vcard.FieldTelephone] {
		if n := cardNumber(f); !fax(f) {
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

// numberNames are the types of a number worth showing (RFC 6350 section 6.4.1), in the order in which they are taken.
var numberNames = []struct{ kind, name string }{{"cell", "Mobile"}, {"work", "Work"}, {"home", "Home"}, {"main", "Main"}}

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
	if label := f.Params.Get("LABEL"); label != "" {
		n.Name = plainValue(label)
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

// WriteVCards writes contacts as vCard 4.0.
func WriteVCards(contacts []Contact) ([]byte, error) {
	var out bytes.Buffer
	var err error
	for _, c := range contacts {
		var one bytes.Buffer
		err = errors.Join(err, vcard.NewEncoder(&one).Encode(cardOf(c.cleaned().named())))
		foldLines(&out, one.String())
	}
	return out.Bytes(), err
}

func cardOf(c Contact) vcard.Card {
	card := vcard.Card{}
	card.SetValue(vcard.FieldVersion, "4.0")
	set := func(key, value string) {
		if value != "" {
			card.SetValue(key, value)
		}
	}
	part := func(value string) string { return strings.ReplaceAll(value, ";", semicolon) }
	set(vcard.FieldFormattedName, part(c.Name))
	if c.Family+c.Given != "" {
		set(vcard.FieldName, part(c.Family)+";"+part(c.Given)+";;;")
	}
	set(vcard.FieldOrganization, part(c.Organisation))
	set(vcard.FieldCategories, part(c.Category))
	set("X-CUSTOMER", part(c.Customer))
	set("X-CONTACT-TYPE", part(c.Type))
	set(vcard.FieldUID, part(c.ID))
	for _, n := range c.Numbers {
		card.Add(telephone(n))
	}
	return card
}

func telephone(n Number) (string, *vcard.Field) {
	if scheme, _, ok := strings.Cut(n.Number, ":"); ok && strings.HasPrefix(strings.ToLower(scheme), "sip") {
		return vcard.FieldIMPP, &vcard.Field{Value: strings.ReplaceAll(n.Number, ";", semicolon)}
	}
	f := &vcard.Field{Params: vcard.Params{}, Value: strings.ReplaceAll(n.Number, ";", semicolon)}
	if digits, ok := number.Digits(n.Number); ok && n.Extension != "" {
		f.Params.Set("VALUE", "uri")
		f.Value = "tel:" + digits + ";ext=" + n.Extension
	}
	i := slices.IndexFunc(numberNames, func(k struct{ kind, name string }) bool { return k.name == n.Name })
	switch {
	case i >= 0:
		f.Params.Set("TYPE", numberNames[i].kind)
	case n.Name != "":
		f.Params.Set("LABEL", quotable(n.Name))
	}
	return vcard.FieldTelephone, f
}

// quotable leaves out what a parameter cannot hold (RFC 6350 section 3.3); the encoder quotes nothing.
func quotable(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`";:,\`, r) {
			return ' '
		}
		return r
	}, s)
}

// foldLines writes lines of at most 75 bytes (RFC 6350 section 3.2), never cut inside a character.
func foldLines(out *bytes.Buffer, text string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		line = strings.ReplaceAll(line, semicolon, `\;`)
		for limit := 75; len(line) > limit; limit = 74 {
			cut := limit
			for !utf8.RuneStart(line[cut]) {
				cut--
			}
			out.WriteString(line[:cut] + "\r\n ")
			line = line[cut:]
		}
		out.WriteString(line + "\r\n")
	}
}
