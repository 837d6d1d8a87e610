package screen

import "reflect"

// Same tells whether two snapshots are the same to look at. What slices and pointers lead to is never changed: so they are
// compared by where they lie, and a list of thousands costs nothing.
func Same(a, b *Snapshot) bool { return same(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()) }

func same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		return a.Len() == b.Len() && (a.Len() == 0 || a.Pointer() == b.Pointer())
	case reflect.Func, reflect.Map:
		return a.Pointer() == b.Pointer()
	case reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || a.Elem().Type() == b.Elem().Type() && same(a.Elem(), b.Elem()))
	}
	return a.Equal(b)
}
