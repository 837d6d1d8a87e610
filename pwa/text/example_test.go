package text_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/text"
)

func Example() {
	language := text.Choose("de-AT", "en")
	fmt.Println(language, language.Name(), language.Direction())
	fmt.Println(language.Say(text.HeldFor, "time", "00:23"))
	fmt.Println(language.Say(text.CallsDeleted, "count", "1"))

	later := text.Say(text.LiveIncoming, "name", "Anna")
	fmt.Println(text.English.Tell(later))
	fmt.Println(text.Spanish.Tell(later))
	// Output:
	// de Deutsch ltr
	// Gehalten seit 00:23
	// 1 Anruf gelöscht.
	// Incoming call from Anna
	// Llamada entrante de Anna
}
