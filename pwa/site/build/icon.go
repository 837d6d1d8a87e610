package build

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

// icon is one picture drawn from the logo.
type icon struct {
	name  string
	size  int
	full  bool    // the ground covers the whole picture: the system cuts its own shape out of it
	scale float64 // of the sign on the ground
	plain bool    // the sign alone, in white: what Android shows in the status bar
}

// A mask may cut away all but a circle of 80 % of the width; the sign fills half of the logo's width.
var icons = []icon{
	{name: "icon-192.png", size: 192, scale: 1},
	{name: "icon-512.png", size: 512, scale: 1},
	{name: "maskable-192.png", size: 192, full: true, scale: 0.86},
	{name: "maskable-512.png", size: 512, full: true, scale: 0.86},
	{name: "icon-180.png", size: 180, full: true, scale: 0.92},
	{name: "badge-96.png", size: 96, scale: 1.25, plain: true},
}

func addIcons(files map[string][]byte) error {
	drawn, err := parseLogo(files["logo.svg"])
	if err != nil {
		return err
	}
	for _, each := range icons {
		content, err := each.draw(drawn)
		if err != nil {
			return fmt.Errorf("draw %s: %w", each.name, err)
		}
		files[each.name] = content
	}
	return nil
}

func (i icon) draw(l *logo) ([]byte, error) {
	picture := image.NewNRGBA(image.Rect(0, 0, i.size, i.size))
	for _, each := range l.shapes {
		switch {
		case each.ground && i.plain:
		case each.ground && i.full:
			fillAll(picture, each.fill)
		case each.ground:
			i.paint(picture, each, 1, l.size)
		default:
			i.paint(picture, each, i.scale, l.size)
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&out, picture)
	return out.Bytes(), err
}

func fillAll(picture *image.NRGBA, c color.NRGBA) {
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			picture.SetNRGBA(x, y, c)
		}
	}
}

const samples = 4 // in each direction of a pixel

// paint lays a shape over the picture, each pixel by the share of its samples that the shape covers.
func (i icon) paint(picture *image.NRGBA, s shape, scale, box float64) {
	for y := range i.size {
		for x := range i.size {
			if hits := i.hits(s, x, y, scale, box); hits > 0 {
				blend(picture, x, y, s.fill, float64(hits)/(samples*samples))
			}
		}
	}
}

func (i icon) hits(s shape, x, y int, scale, box float64) int {
	unit := box / float64(i.size)
	at := func(pixel, sample int) float64 {
		value := (float64(pixel) + (float64(sample)+0.5)/samples) * unit
		return (value-box/2)/scale + box/2
	}
	hits := 0
	for sy := range samples {
		for sx := range samples {
			if s.covers(point{at(x, sx), at(y, sy)}) {
				hits++
			}
		}
	}
	return hits
}

func (s shape) covers(p point) bool {
	winding := 0
	for _, line := range s.lines {
		for n := 1; n < len(line); n++ {
			if s.stroke > 0 {
				if distance(p, line[n-1], line[n]) <= s.stroke/2 {
					return true
				}
				continue
			}
			winding += crossing(p, line[n-1], line[n])
		}
	}
	return winding != 0
}

// crossing tells whether the line a-b crosses the ray to the right of p, and in which direction.
func crossing(p, a, b point) int {
	side := (b.x-a.x)*(p.y-a.y) - (p.x-a.x)*(b.y-a.y)
	switch {
	case a.y <= p.y && b.y > p.y && side > 0:
		return 1
	case a.y > p.y && b.y <= p.y && side < 0:
		return -1
	}
	return 0
}

// distance is from p to the nearest point of the line a-b, so that a stroke gets round ends and joins.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	length := dx*dx + dy*dy
	t := 0.0
	if length > 0 {
		t = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/length))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

func blend(picture *image.NRGBA, x, y int, c color.NRGBA, share float64) {
	old := picture.NRGBAAt(x, y)
	under := float64(old.A) / 255 * (1 - share)
	alpha := share + under
	mix := func(above, below uint8) uint8 {
		return uint8(math.Round((float64(above)*share + float64(below)*under) / alpha))
	}
	picture.SetNRGBA(x, y, color.NRGBA{R: mix(c.R, old.R), G: mix(c.G, old.G), B: mix(c.B, old.B), A: uint8(math.Round(alpha * 255))})
}
