package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestWhatIsCommittedIsGenerated fails when pwa/screen has changed and what crosses has not followed.
func TestWhatIsCommittedIsGenerated(t *testing.T) {
	pwa := filepath.Join("..", "..", "..")
	files, err := generate(pwa)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(pwa, "link", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what pwa/screen says (%v): go generate ./pwa/link", name, err)
		}
	}
}
