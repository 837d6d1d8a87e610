package store_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/gowebphone/webphone/pwa/store"
)

func ExampleKind() {
	ctx, medium := context.Background(), &store.Memory{}
	things := store.Kind{Name: "things", Version: 1, MaxBytes: 1 << 20}
	if err := things.Save(ctx, medium, "things", []string{"desk", "lamp"}); err != nil {
		fmt.Println(err)
	}
	var list []string
	err := things.Load(ctx, medium, "things", &list)
	fmt.Println(list, err)

	medium.Save(ctx, "things", []byte("{"))
	err = things.Load(ctx, medium, "things", &list)
	var damaged *store.DamagedError
	fmt.Println(errors.As(err, &damaged), damaged.Aside, store.Seals(err))
	// Output:
	// [desk lamp] <nil>
	// true things.corrupt <nil>
}

func ExampleMerge() {
	id := func(s string) string { return s[:1] }
	same := func(a, b string) bool { return a == b }
	base, mine, theirs := []string{"a", "b"}, []string{"a", "b2"}, []string{"a", "b", "c"}
	fmt.Println(store.Merge(base, mine, theirs, id, same))
	// Output: [a b2 c]
}
