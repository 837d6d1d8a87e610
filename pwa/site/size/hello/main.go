// Command hello is the smallest go-app page: the yardstick for the size of the phone (see the size command), and a
// page small enough to test the site around it with.
//
// Limits: it shows one line and knows nothing of calls.
package main

import "github.com/maxence-charriere/go-app/v10/pkg/app"

type hello struct{ app.Compo }

// Render shows the one line.
func (h *hello) Render() app.UI {
	return app.Div().ID("hello").Body(app.H1().Text("Hello, World!"))
}

func main() {
	app.Route("/", func() app.Composer { return &hello{} })
	app.RunWhenOnBrowser()
}
