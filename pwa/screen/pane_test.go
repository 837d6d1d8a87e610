package screen

import "testing"

func TestLongListDrawsAWindow(t *testing.T) {
	p := ContactsPane{Found: 20000}
	for _, test := range []struct{ first, from, to int }{{0, 0, 28}, {8, 0, 42}, {5000, 4986, 5034}, {19999, 19966, 20000},
		{1 << 30, 19966, 20000}} {
		p.First = test.first
		if from, to := p.Window(); from != test.from || to != test.to {
			t.Errorf("at %d: rows %d to %d, want %d to %d", test.first, from, to, test.from, test.to)
		}
	}
	p = ContactsPane{Found: 1, First: 3}
	if from, to := p.Window(); from != 0 || to != 1 {
		t.Errorf("a short list: %d to %d", from, to)
	}
	for _, test := range []struct{ total, found, spare int }{{20000, 20000, 0}, {20000, 12, 16}, {20000, 0, 28}, {20, 12, 8},
		{1, 1, 0}} {
		p = ContactsPane{Total: test.total, Found: test.found}
		if got := p.Spare(); got != test.spare {
			t.Errorf("%d of %d found: %d rows wait, want %d", test.found, test.total, got, test.spare)
		}
	}
}

// TestHighWindowIsFilled scrolls lists as far as they go without being drawn anew.
func TestHighWindowIsFilled(t *testing.T) {
	for _, test := range []struct{ height, row int }{{0, 0}, {1080, 64}, {1536, 0}, {2304, 64}, {4352, 64}, {2304, 96}} {
		p := ContactsPane{Found: 20000, Total: 20000, Height: test.height, Row: test.row}
		row := max(64, test.row)
		for _, p.First = range []int{0, 8, 5000} {
			from, to := p.Window()
			for first := max(0, p.First-rowStep); first < p.First+rowStep; first++ {
				if last := first + (test.height+row-1)/row + 1; p.Near(first) && (from > first || to < last) {
					t.Errorf("%d pixels in rows of %d: rows %d to %d are drawn at %d, and %d to %d are seen", test.height, row,
						from, to, p.First, first, last)
				}
			}
		}
		p.First, p.Found = 0, 0
		if got := p.Spare(); got < test.height/row+rowStep {
			t.Errorf("%d pixels in rows of %d: %d rows wait for the next search, want as many as are drawn", test.height, row,
				got)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Front Desk": "FD", "front of the desk": "FD", "Pharmacy": "P", "+44 20": "",
		"مكتب الاستقبال": "ما", "": ""} {
		if got := Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
