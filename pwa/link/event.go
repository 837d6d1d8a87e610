package link

import "github.com/gowebphone/webphone/pwa/screen"

func putFields[T any](c *coder, kind uint64, e *T, by walk[T]) {
	c.uint(kind)
	walkWhole(c, new(T), e, by)
}

func getFields[T screen.Event](c *coder, by walk[T]) screen.Event {
	var e T
	walkWhole(c, new(T), &e, by)
	return e
}
