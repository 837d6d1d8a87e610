package phone

func choose[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}
