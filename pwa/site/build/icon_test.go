package build

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"
)

func TestIconsOfTheLogo(t *testing.T) {
	content, err := os.ReadFile("../static/logo.svg")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"logo.svg": content}
	if err := addIcons(files); err != nil {
		t.Fatal(err)
	}
	ground, sign, none := color.NRGBA{0x2a, 0x54, 0xc5, 255}, color.NRGBA{255, 255, 255, 255}, color.NRGBA{}
	tests := []struct {
		name string
		x, y float64 // share of the size
		want color.NRGBA
		why  string
	}{
		{"icon-512.png", 0.5, 0.05, ground, "the ground reaches the edge"},
		{"icon-512.png", 0.01, 0.01, none, "the corners are round"},
		{"icon-512.png", 0.35, 0.45, sign, "the handset"},
		{"icon-512.png", 0.3, 0.85, ground, "below the handset"},
		{"maskable-512.png", 0.01, 0.01, ground, "a mask cuts the corners, not we"},
		{"maskable-512.png", 0.37, 0.457, sign, "the handset, smaller"},
		{"icon-180.png", 0.99, 0.99, ground, "iOS shows transparent corners in black"},
		{"badge-96.png", 0.5, 0.02, none, "the sign alone"},
		{"badge-96.png", 0.3125, 0.4375, sign, "the handset, larger"},
	}
	for _, test := range tests {
		picture, err := png.Decode(bytes.NewReader(files[test.name]))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		size := float64(picture.Bounds().Dx())
		got := color.NRGBAModel.Convert(picture.At(int(test.x*size), int(test.y*size)))
		if got != test.want && !(test.want == none && got.(color.NRGBA).A == 0) {
			t.Errorf("%s at %.2f, %.2f: %v, want %v: %s", test.name, test.x, test.y, got, test.want, test.why)
		}
	}
}

// All of the sign of a maskable icon has to lie in the circle of 80 % that no mask cuts.
func TestMaskableIconsKeepTheSignInside(t *testing.T) {
	content, err := os.ReadFile("../static/logo.svg")
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := parseLogo(content)
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range icons {
		if !each.full {
			continue
		}
		for _, s := range drawn.shapes[1:] {
			for _, line := range s.lines {
				for _, p := range line {
					middle := drawn.size / 2
					reach := (math.Hypot(p.x-middle, p.y-middle) + s.stroke/2) * each.scale
					if reach > 0.4*drawn.size {
						t.Fatalf("%s: the sign reaches %.2f of the width", each.name, reach/drawn.size)
					}
				}
			}
		}
	}
}

func TestArcsAndCurves(t *testing.T) {
	lines, err := flatten("M1 0a1 1 0 0 1-1 1M0 0c0 1 1 1 1 0zL5 5H6V7h-1v-1l1 1")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range lines[0] {
		if r := math.Hypot(p.x, p.y); math.Abs(r-1) > 1e-9 {
			t.Errorf("a point of the arc lies at %.3f from the centre, want 1", r)
		}
	}
	end := lines[1][len(lines[1])-1]
	if end != (point{6, 7}) {
		t.Errorf("the path ends at %v, want 6, 7", end)
	}
	middle := lines[1][steps/2]
	if math.Abs(middle.x-0.5) > 1e-9 || math.Abs(middle.y-0.75) > 1e-9 {
		t.Errorf("the middle of the curve is %v, want 0.5, 0.75", middle)
	}
}

func TestLogosThatCannotBeDrawnAreErrors(t *testing.T) {
	for _, content := range []string{
		`<svg viewBox="0 0 40 40"><circle r="3"/></svg>`,
		`<svg viewBox="0 0 40 40"><path d="M0 0Q1 1 2 2" fill="#fff"/></svg>`,
		`<svg viewBox="0 0 40 40"><path d="M0" fill="#fff"/></svg>`,
		`<svg viewBox="0 0 40 40"><path d="M0 0" fill="blue"/></svg>`,
		`<svg viewBox="none"/>`,
		`<svg`,
	} {
		if _, err := parseLogo([]byte(content)); err == nil || !strings.Contains(err.Error(), "logo") {
			t.Errorf("%s: error %v", content, err)
		}
	}
}
