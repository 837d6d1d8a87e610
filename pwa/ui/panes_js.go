package ui

import (
	"context"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

const maxFile = screen.MaxFile + 1 // a larger one is refused by its first byte too many

// setField puts text into a field, where it is not there already.
func setField(id, text string) {
	if field := elementByID(id); field.Truthy() && field.Get("value").String() != text {
		field.Set("value", text)
	}
}

// rewind scrolls a list to its beginning.
func rewind(id string) {
	if list := elementByID(id); list.Truthy() {
		list.Set("scrollTop", 0)
	}
}

// fieldChecked tells whether a box is ticked.
func fieldChecked(id string) bool {
	field := elementByID(id)
	return field.Truthy() && field.Get("checked").Bool()
}

// readFile reads the file that was chosen in a field, and empties the field for the next one.
func readFile(id string, do func(screen.Event)) {
	field := elementByID(id)
	file := field.Get("files").Index(0)
	if !file.Truthy() {
		return
	}
	name, promise := file.Get("name").String(), file.Call("slice", 0, maxFile).Call("arrayBuffer")
	go func() {
		var data []byte // none when it cannot be read: then there are no contacts in it
		if buffer, err := await(context.Background(), promise); err == nil {
			array := js.Global().Get("Uint8Array").New(buffer)
			data = make([]byte, array.Length())
			js.CopyBytesToGo(data, array)
		}
		field.Set("value", "")
		do(screen.ReadImport{Name: name, Data: data})
	}()
}

// download lets the browser save a file.
func download(f screen.File) {
	array := js.Global().Get("Uint8Array").New(len(f.Data))
	js.CopyBytesToJS(array, f.Data)
	blob := js.Global().Get("Blob").New([]any{array}, map[string]any{"type": f.Type})
	url := js.Global().Get("URL").Call("createObjectURL", blob)
	link := document().Call("createElement", "a")
	link.Set("href", url)
	link.Set("download", f.Name)
	link.Call("click")
	js.Global().Call("setTimeout", js.Global().Get("URL").Get("revokeObjectURL").Call("bind", js.Global().Get("URL"), url), 60000)
}
