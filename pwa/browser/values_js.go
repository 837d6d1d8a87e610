package browser

import (
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/store"
)

// Values is the browser's local storage, or memory where the browser has none to give.
func Values() store.KeyValues {
	local, ok := localStorage()
	if !ok {
		return &store.MemoryValues{}
	}
	return localValues{local}
}

// localStorage is absent where the user has switched it off: reading the property throws then. Only a call of a function
// can throw without ending the program.
func localStorage() (store js.Value, ok bool) {
	store, err := attempt(func() js.Value { return js.Global().Get("Reflect").Call("get", js.Global(), "localStorage") })
	return store, err == nil && store.Truthy()
}

type localValues struct{ store js.Value }

func (b localValues) Load(key string) string {
	if value := b.store.Call("getItem", key); value.Type() == js.TypeString {
		return value.String()
	}
	return ""
}

// Save fails where the storage is full.
func (b localValues) Save(key, value string) error {
	_, err := attempt(func() js.Value {
		if value == "" {
			return b.store.Call("removeItem", key)
		}
		return b.store.Call("setItem", key, value)
	})
	return err
}
