package codecs

import "syscall/js"

type pattern struct{ expression js.Value } // a RegExp

// compile makes a RegExp, which throws what it cannot read.
func compile(text string) (p pattern, err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			err = thrown
		default:
			panic(thrown)
		}
	}()
	return pattern{js.Global().Get("RegExp").New(text, "i")}, nil
}

func (p pattern) fits(name string) bool { return p.expression.Call("test", name).Bool() }
