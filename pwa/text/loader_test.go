package text

import "testing"

func TestTheLoaderSaysTheSameInEveryLanguage(t *testing.T) {
	for _, l := range Languages() {
		for key := range Loader()[English] {
			if Loader()[l][key] == "" {
				t.Errorf("%s: the loader has no %q", l, key)
			}
			if l != English && Loader()[l][key] == Loader()[English][key] {
				t.Errorf("%s: %q is English", l, key)
			}
		}
		if got, want := len(Loader()[l]), len(Loader()[English]); got != want {
			t.Errorf("%s: %d texts, want %d", l, got, want)
		}
	}
	if len(Loader()) != len(Languages()) {
		t.Errorf("the loader speaks %d languages of %d", len(Loader()), len(Languages()))
	}
}
