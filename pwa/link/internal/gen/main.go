// Command gen writes the walks of pwa/link over what pwa/screen says: over the snapshot with all it is made of, and the events.
//
//	go generate ./pwa/link
//
// Limits: it knows the kinds of fields that there are. A map, a function or a field that is not exported cannot cross, and is an
// error.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	pwa := flag.String("pwa", "..", "directory of the packages screen, text and link")
	flag.Parse()
	files, err := generate(*pwa)
	for name, text := range files {
		if err == nil {
			err = os.WriteFile(filepath.Join(*pwa, "link", name), text, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
