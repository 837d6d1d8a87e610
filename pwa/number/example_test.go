package number_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
)

func ExampleRead() {
	plan := config.Numbering{Country: "44", Trunk: "0", International: "00"}
	n := number.Read("020 7946 0000 ext. 12", plan)
	fmt.Println(n, n.Extension, n.Form == number.Full)
	fmt.Println(number.Same("+44 (0)20 7946 0000", "020 7946 0000", plan))
	// Output:
	// +442079460000 12 true
	// true
}

func ExampleDial() {
	call, after, err := number.Dial("+1 202 555 0191,,123#")
	fmt.Println(call, after, err)
	_, _, err = number.Dial("nobody in particular")
	fmt.Println(err)
	// Output:
	// +12025550191 ,,123# <nil>
	// not a number or address
}
