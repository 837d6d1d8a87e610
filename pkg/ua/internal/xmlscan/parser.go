package xmlscan

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// parser goes over the text once.
type parser struct {
	s        string
	i        int
	elements int
	open     []level
	root     *Element
}

// level is an element that is not closed yet.
type level struct {
	element *Element
	tag     string            // as written
	spaces  map[string]string // prefixes declared here; nil when none
}

func (p *parser) document() (*Element, error) {
	for {
		text, markup := p.untilMarkup()
		if err := p.characters(text); err != nil {
			return nil, err
		}
		if !markup {
			break
		}
		if err := p.markup(); err != nil {
			return nil, err
		}
	}
	if p.root == nil || len(p.open) > 0 {
		return nil, errEnd
	}
	return p.root, nil
}

// untilMarkup returns the text before the next "<".
func (p *parser) untilMarkup() (text string, markup bool) {
	n := strings.IndexByte(p.s[p.i:], '<')
	if n < 0 {
		text, p.i = p.s[p.i:], len(p.s)
		return text, false
	}
	text = p.s[p.i : p.i+n]
	p.i += n
	return text, true
}

// characters adds text to the open element.
func (p *parser) characters(text string) error {
	if len(p.open) == 0 {
		if strings.Trim(text, " \t\r\n") != "" {
			return errText
		}
		return nil
	}
	plain, err := unescape(text)
	if err != nil {
		return err
	}
	p.open[len(p.open)-1].element.text.WriteString(plain)
	return nil
}

// markup reads what begins with "<".
func (p *parser) markup() error {
	rest := p.s[p.i:]
	switch {
	case strings.HasPrefix(rest, "<?"):
		return p.skip("<?", "?>")
	case strings.HasPrefix(rest, "<!--"):
		return p.skip("<!--", "-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		return p.cdata()
	case strings.HasPrefix(rest, "<!"):
		return errDoctype
	case strings.HasPrefix(rest, "</"):
		return p.endTag()
	}
	return p.startTag()
}

// skip passes over start, something, and end.
func (p *parser) skip(start, end string) error {
	n := strings.Index(p.s[p.i+len(start):], end)
	if n < 0 {
		return errEnd
	}
	p.i += len(start) + n + len(end)
	return nil
}

func (p *parser) cdata() error {
	start := p.i + len("<![CDATA[")
	if len(p.open) == 0 {
		return errText
	}
	if err := p.skip("<![CDATA[", "]]>"); err != nil {
		return err
	}
	text := p.s[start : p.i-len("]]>")]
	if hasControl(text) {
		return errControl
	}
	p.open[len(p.open)-1].element.text.WriteString(text)
	return nil
}

func (p *parser) endTag() error {
	p.i += len("</")
	tag := p.name()
	p.blanks()
	if len(p.open) == 0 || tag != p.open[len(p.open)-1].tag || !p.take('>') {
		return errTag
	}
	p.open = p.open[:len(p.open)-1]
	return nil
}

// raw is an attribute as written.
type raw struct{ name, value string }

func (p *parser) startTag() error {
	p.i++
	tag := p.name()
	if tag == "" {
		return errName
	}
	attrs, err := p.attributes()
	if err != nil {
		return err
	}
	if p.elements++; p.elements > MaxElements {
		return errMany
	}
	empty := p.take('/')
	if !p.take('>') {
		return errTag
	}
	return p.element(tag, attrs, empty)
}

// element resolves names and puts the element into the tree.
func (p *parser) element(tag string, attrs []raw, empty bool) error {
	if len(p.open) == 0 && p.root != nil {
		return errText
	}
	if len(p.open) >= MaxDepth {
		return errDeep
	}
	e := &Element{}
	p.open = append(p.open, level{element: e, tag: tag, spaces: declared(attrs)})
	var err error
	if e.Name, err = p.resolve(tag, true); err != nil {
		return err
	}
	for _, a := range attrs {
		if a.name == "xmlns" || strings.HasPrefix(a.name, "xmlns:") {
			continue
		}
		name, err := p.resolve(a.name, false)
		if err != nil {
			return err
		}
		for _, other := range e.Attrs {
			if other.Name == name {
				return errTwice
			}
		}
		e.Attrs = append(e.Attrs, Attr{name, a.value})
	}
	if n := len(p.open); n > 1 {
		parent := p.open[n-2].element
		parent.Children = append(parent.Children, e)
	} else {
		p.root = e
	}
	if empty {
		p.open = p.open[:len(p.open)-1]
	}
	return nil
}

// declared collects the namespace declarations; the default one has the empty prefix.
func declared(attrs []raw) map[string]string {
	var spaces map[string]string
	for _, a := range attrs {
		prefix, isDeclaration := strings.CutPrefix(a.name, "xmlns")
		if !isDeclaration || prefix != "" && prefix[0] != ':' {
			continue
		}
		if spaces == nil {
			spaces = map[string]string{}
		}
		spaces[strings.TrimPrefix(prefix, ":")] = a.value
	}
	return spaces
}

// resolve turns "prefix:local" into a Name. The default namespace is for elements only.
func (p *parser) resolve(name string, element bool) (Name, error) {
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		prefix, local = "", name
	}
	switch {
	case local == "" || found && prefix == "" || strings.Contains(local, ":"):
		return Name{}, errName
	case prefix == "xml":
		return Name{"http://www.w3.org/XML/1998/namespace", local}, nil
	case prefix == "" && !element:
		return Name{Local: local}, nil
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if space, ok := p.open[i].spaces[prefix]; ok {
			return Name{space, local}, nil
		}
	}
	if prefix != "" {
		return Name{}, errPrefix
	}
	return Name{Local: local}, nil
}

// attributes reads up to the end of a tag. Each wants white space before it and a name of its own (XML 1.0 section 3.1).
func (p *parser) attributes() ([]raw, error) {
	var list []raw
	for {
		spaced := p.blanks()
		c := p.peek()
		if c == '>' || c == '/' {
			return list, nil
		}
		if c == 0 {
			return nil, errEnd
		}
		if !spaced {
			return nil, errAttribute
		}
		a, err := p.attribute()
		if err != nil {
			return nil, err
		}
		for _, other := range list {
			if other.name == a.name {
				return nil, errTwice
			}
		}
		if list = append(list, a); len(list) > MaxAttributes {
			return nil, errMany
		}
	}
}

func (p *parser) attribute() (raw, error) {
	a := raw{name: p.name()}
	p.blanks()
	if a.name == "" || !p.take('=') {
		return a, errAttribute
	}
	p.blanks()
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		return a, errAttribute
	}
	p.i++
	n := strings.IndexByte(p.s[p.i:], quote)
	if n < 0 {
		return a, errEnd
	}
	text := p.s[p.i : p.i+n]
	p.i += n + 1
	if strings.IndexByte(text, '<') >= 0 {
		return a, errAttribute
	}
	var err error
	a.value, err = unescape(text)
	return a, err
}

// name reads a name: letters, digits, "-_.:" and everything beyond ASCII.
func (p *parser) name() string {
	start := p.i
	for p.i < len(p.s) && isNameByte(p.s[p.i], p.i == start) {
		p.i++
	}
	return p.s[start:p.i]
}

func isNameByte(c byte, first bool) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == ':', c >= utf8.RuneSelf:
		return true
	case '0' <= c && c <= '9', c == '-', c == '.':
		return !first
	}
	return false
}

func (p *parser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *parser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.i++
	return true
}

func (p *parser) blanks() bool {
	start := p.i
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
	return p.i > start
}

func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return true
		}
	}
	return strings.Contains(s, "\uFFFE") || strings.Contains(s, "\uFFFF")
}

// unescape replaces references and refuses control characters. Line ends become "\n".
func unescape(s string) (string, error) {
	if hasControl(s) {
		return "", errControl
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(s, '&') < 0 {
		return s, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "&")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, ";")
		r, ok := reference(name)
		if !closed || !ok {
			return "", errReference
		}
		b.WriteRune(r)
		s = after
	}
}

// reference is the character of an entity or of its number. Others than the five that XML knows do not exist here, so nothing can
// expand.
func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, numeric := strings.CutPrefix(name, "#")
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	legal := n <= utf8.MaxRune && utf8.ValidRune(r) && (r >= ' ' || r == '\t' || r == '\n' || r == '\r') && r != 0xFFFE &&
		r != 0xFFFF
	return r, numeric && err == nil && legal
}
