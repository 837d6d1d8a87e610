package contacts

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// TestJSONWordsAreThoseOfTheDecoder reads words as encoding/json does: what has nothing to be decoded is only read faster.
func TestJSONWordsAreThoseOfTheDecoder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(rapid.OneOf(
			rapid.StringMatching(`"([a-z"\\ ]|\\n|\\u00e9|é){0,6}"?`),
			rapid.StringMatching(`"([a ]|\\\\|\\"|\\n){1,4}"`),
			rapid.StringMatching(`-?[0-9.eE+-]{1,6}`),
			rapid.SampledFrom([]string{"", `"`, `""`, "null", "true", "{}", "[]", "\"a\tb\"", "\"a\x80\"", "nul"}),
		).Draw(t, "raw"))
		var text string
		var number json.Number
		want, ok := "", true
		switch {
		case json.Unmarshal(raw, &text) == nil:
			want = text
		case len(raw) > 0 && raw[0] != '"' && json.Unmarshal(raw, &number) == nil && number != "":
			want = number.String()
		default:
			ok = false
		}
		if got, word := jsonWord(raw); word != ok || got != want {
			t.Errorf("%q is %q, %v; want %q, %v", raw, got, word, want, ok)
		}
	})
}

// TestBrokenContactCostsItself has a contact that is no JSON between two that are.
func TestBrokenContactCostsItself(t *testing.T) {
	for _, broken := range []string{`{"name":Eve}`, `{"name":"Eve" "number":"1"}`, `{"name":"Eve",}`, `{"name"}`, `{"name":"\x"}`,
		`{"name":"Eve","number":{"a":}}`} {
		data := `[{"name":"Ann","number":"1001"},` + broken + `,{"name":"Lee","number":"1002"}]`
		list, faults, err := ReadPhonebook([]byte(data), nil)
		whole := err == nil && len(list) == 2 && list[0].Name == "Ann" && list[1].Name == "Lee"
		if !whole || len(faults) != 1 || faults[0].Line != 2 {
			t.Errorf("%s: %+v, faults %v, %v", broken, list, faults, err)
		}
	}
}
