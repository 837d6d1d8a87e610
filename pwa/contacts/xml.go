package contacts

import (
	"html"
	"strings"
)

// element is one of an XML phonebook, with what stands around it.
type element struct {
	name  string
	attrs map[string]string
	text  strings.Builder
}

// scanXML tells of elements as they open and close, and reports whether the text was whole. It knows what the phonebooks of
// telephones are made of, and resolves no entity but those of characters.
func scanXML(text string, step func(), open, shut func(path []*element)) bool {
	var path []*element
	for {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			return len(path) == 0
		}
		if len(path) > 0 {
			path[len(path)-1].write(text[:at])
		}
		step()
		tag, rest, ok := cutTag(text[at:])
		if !ok {
			return false
		}
		text = rest
		switch {
		case strings.HasPrefix(tag, "![CDATA["):
			if len(path) > 0 {
				path[len(path)-1].text.WriteString(tag[len("![CDATA["):])
			}
		case tag[0] == '!' || tag[0] == '?':
		case tag[0] == '/':
			if len(path) == 0 || path[len(path)-1].name != strings.TrimSpace(tag[1:]) {
				return false
			}
			shut(path)
			path = path[:len(path)-1]
		default:
			if len(path) == maxXMLDepth {
				return false
			}
			body, empty := strings.CutSuffix(tag, "/")
			path = append(path, elementOf(body))
			if open(path); empty {
				shut(path)
				path = path[:len(path)-1]
			}
		}
	}
}

const (
	maxXMLDepth = 20
	maxXMLText  = 2000 // bytes of one element
)

func (e *element) write(text string) {
	if text = strings.TrimSpace(text[:min(len(text), maxXMLText)]); text != "" && e.text.Len() < maxXMLText {
		e.text.WriteString(html.UnescapeString(text))
	}
}

// cutTag takes the tag that a text begins with, without its brackets.
func cutTag(text string) (tag, rest string, ok bool) {
	for begin, end := range map[string]string{"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"} {
		if strings.HasPrefix(text, begin) {
			tag, rest, ok = strings.Cut(text[1:], end)
			return tag, rest, ok && tag != ""
		}
	}
	quote := byte(0)
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return text[1:i], text[i+1:], i > 1
		}
	}
	return "", "", false
}

func elementOf(body string) *element {
	name, rest, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(body, "\n", " "), "\t", " "), " ")
	e := &element{name: strings.TrimSpace(name), attrs: map[string]string{}}
	for {
		name, value, found := strings.Cut(rest, "=")
		if value = strings.TrimSpace(value); !found || value == "" {
			return e
		}
		inside, behind, _ := strings.Cut(value[1:], value[:1])
		e.attrs[strings.TrimSpace(name)] = html.UnescapeString(inside)
		rest = behind
	}
}
