package xmlscan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestParseResolvesNamespaces(t *testing.T) {
	root, err := Parse([]byte("\uFEFF" + `<?xml version="1.0" encoding="UTF-8"?>
<!-- before -->
<p:presence xmlns:p="urn:p" xmlns="urn:q" entity="a&amp;b&#x41;&#66;">
  <tuple p:id='1' id="2"><note>one <b>two</b> three</note><![CDATA[<raw>&amp;]]></tuple>
  <p:tuple xmlns:p="urn:r"/>
  <p:tuple id="3"/>
</p:presence>
<?after?>`))
	if err != nil {
		t.Fatal(err)
	}
	if root.Name != (Name{"urn:p", "presence"}) || root.Attr("entity") != "a&bAB" {
		t.Errorf("root %+v %q", root.Name, root.Attr("entity"))
	}
	tuple := root.ChildIn("urn:q", "tuple")
	if tuple.Attr("id") != "2" || tuple.AttrIn("urn:p", "id") != "1" || tuple.Text() != "<raw>&amp;" {
		t.Errorf("tuple %+v, text %q", tuple.Attrs, tuple.Text())
	}
	if got := tuple.Child("note").Text(); got != "one  three" {
		t.Errorf("note %q", got)
	}
	if list := root.All("tuple"); len(list) != 1 || list[0].Attr("id") != "3" {
		t.Errorf("%d tuples in urn:p, want the one that does not redeclare the prefix", len(list))
	}
	if root.Child("none").Child("none").Text() != "" || root.Child("none").Attr("x") != "" || root.Child("none").All("x") != nil {
		t.Error("an absent element is not empty")
	}
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat("<a>", MaxDepth+1) + strings.Repeat("</a>", MaxDepth+1)
	var many strings.Builder
	for i := range MaxAttributes + 1 {
		fmt.Fprintf(&many, ` a%d=""`, i)
	}
	for name, doc := range map[string]string{
		"nothing": "", "text only": "hello", "text before": "x<a/>", "text behind": "<a/>x", "two roots": "<a/><b/>",
		"open": "<a>", "crossed": "<a><b></a></b>", "closed twice": "<a></a></a>", "no name": "< a/>", "half a tag": "<a",
		"half an end": "<a></a",
		"doctype":     `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`,
		"entity":      "<a>&x;</a>",
		"no end":      "<a>&amp</a>",
		"control":     "<a>\x01</a>",
		"control ref": "<a>&#1;</a>", "surrogate": "<a>&#xD800;</a>", "beyond": "<a>&#x110000;</a>", "empty ref": "<a>&#;</a>",
		"twice":           `<a x="1" x="2"/>`,
		"twice by prefix": `<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>`,
		"unquoted":        "<a x=1/>", "no value": "<a x/>", "no blank": `<a x="1"y="2"/>`, "less in value": `<a x="<"/>`,
		"open value": `<a x="1`, "prefix": "<p:a/>", "empty prefix": "<:a/>", "two colons": `<a:b:c xmlns:a="u"/>`,
		"attribute prefix": `<a p:x="1"/>`, "open comment": "<a><!-- </a>", "open cdata": "<a><![CDATA[ </a>",
		"cdata outside": "<![CDATA[x]]><a/>", "too deep": deep, "not UTF-8": "<a>\xff</a>",
		"too large": "<a>" + strings.Repeat(" ", MaxSize) + "</a>", "too many elements": "<a>" + strings.Repeat("<b/>",
			MaxElements) + "</a>",
		"too many attributes": "<a" + many.String() + "/>",
	} {
		if root, err := Parse([]byte(doc)); !errors.Is(err, ErrSyntax) || root != nil {
			t.Errorf("%s: %v, %v, want ErrSyntax", name, root, err)
		}
	}
}

// FuzzParse compares with the reader of the standard library: what is accepted here is well-formed there, with the same
// elements, attributes and text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`<a/>`, `<?xml version="1.0"?><a b="c">d<e>f</e>&lt;</a>`, `<p:a xmlns:p="u" p:b="&#65;"><![CDATA[x]]></p:a>`,
		`<a><!-- x --></a>`, "<a>\r\n</a>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := Parse(data)
		if err != nil {
			if !errors.Is(err, ErrSyntax) {
				t.Errorf("error %v of another kind", err)
			}
			return
		}
		var want strings.Builder
		if err := flatten(&want, data); err != nil {
			return // stricter about names and declarations
		}
		var got strings.Builder
		write(&got, root)
		if got.String() != want.String() {
			t.Errorf("%q\n got %q\nwant %q", data, got.String(), want.String())
		}
	})
}

func write(b *strings.Builder, e *Element) {
	fmt.Fprintf(b, "<%s %s", e.Name.Space, e.Name.Local)
	for _, a := range e.Attrs {
		fmt.Fprintf(b, " %s %s=%q", a.Name.Space, a.Name.Local, a.Value)
	}
	b.WriteString(">")
	for _, c := range e.Children {
		write(b, c)
	}
	fmt.Fprintf(b, "%q</>", e.text.String())
}

// flatten does the same with encoding/xml. Text goes behind the children, as in Element.
func flatten(b *strings.Builder, data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	var texts []*strings.Builder
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			texts = append(texts, &strings.Builder{})
			fmt.Fprintf(b, "<%s %s", token.Name.Space, token.Name.Local)
			for _, a := range token.Attr {
				if a.Name.Space != "xmlns" && a.Name != (xml.Name{Local: "xmlns"}) {
					fmt.Fprintf(b, " %s %s=%q", a.Name.Space, a.Name.Local, a.Value)
				}
			}
			b.WriteString(">")
		case xml.CharData:
			if len(texts) > 0 {
				texts[len(texts)-1].Write(token)
			}
		case xml.EndElement:
			fmt.Fprintf(b, "%q</>", texts[len(texts)-1].String())
			texts = texts[:len(texts)-1]
		}
	}
}
