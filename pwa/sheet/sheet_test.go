package sheet

import "testing"

func TestWindows1252IsDecoded(t *testing.T) {
	for text, want := range map[string]string{
		"\x8aimko": "Šimko", "O\x92Neill": "O’Neill", "\x80 5": "€ 5", "\x9cuvre \x9f": "œuvre Ÿ", "M\xfcller \x96 B\xfcro": "Müller – Büro",
	} {
		if got := Decode([]byte(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if len(windows1252) != 32 {
		t.Errorf("%d characters for 32 bytes", len(windows1252))
	}
}
