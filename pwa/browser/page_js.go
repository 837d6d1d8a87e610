package browser

import (
	"strings"
	"syscall/js"
)

// Config is the text of config.json, which the loader has fetched beside the program; "" where the host has none.
func Config() string {
	if f := js.Global().Get("webphoneConfig"); f.Type() == js.TypeFunction {
		return f.Invoke().String()
	}
	return ""
}

// Languages are what the user prefers, best first.
func Languages() []string {
	list := js.Global().Get("navigator").Get("languages")
	if list.Type() != js.TypeObject {
		return nil
	}
	var tags []string
	for i := range list.Length() {
		tags = append(tags, list.Index(i).String())
	}
	return tags
}

// Fragment is what stands in the address after "#".
func Fragment() string {
	return strings.TrimPrefix(js.Global().Get("location").Get("hash").String(), "#")
}
