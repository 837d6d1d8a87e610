package contacts

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-vcard"

	"github.com/gowebphone/webphone/pwa/number"
)

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
	if n.Extension != "" {
		call, after, err := number.Dial(n.Number)
		if err == nil && after == "" && strings.Trim(call, "+0123456789") == "" {
			f.Params.Set("VALUE", "uri")
			f.Value = "tel:" + call + ";ext=" + n.Extension
		} else {
			f.Value = strings.ReplaceAll(n.Dial(), ";", semicolon)
		}
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
