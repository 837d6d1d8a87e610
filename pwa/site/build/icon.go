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

const samples = 4 // in each direction of a pixel at the edge of a shape

// paint lays a shape over the picture, each pixel by the share of it that the shape covers.
func (i icon) paint(picture *image.NRGBA, s shape, scale, box float64) {
	unit := box / float64(i.size) / scale // of a pixel, in the logo's units
	place := func(pixel float64) float64 { return (pixel-float64(i.size)/2)*unit + box/2 }
	for y := range i.size {
		for x := 0; x < i.size; {
			share, pixels := s.share(point{place(float64(x)), place(float64(y))}, unit)
			for end := min(x+pixels, i.size); x < end; x++ {
				if share > 0 {
					blend(picture, x, y, s.fill, share)
				}
			}
		}
	}
}

// share is how much of the square of the given width at corner the shape covers, and for how many squares from this
// one on to the right that holds: where the edge is far away, nothing changes on the way to it. Only squares that the
// edge may pass through are sampled.
func (s shape) share(corner point, width float64) (share float64, squares int) {
	middle := point{corner.x + width/2, corner.y + width/2}
	edge := s.distance(middle) - s.stroke/2
	if far := math.Abs(edge) - width*math.Sqrt2/2; far > 0 {
		squares = 1 + int(far/width)
		if s.covers(middle, edge) {
			return 1, squares
		}
		return 0, squares
	}
	hits := 0
	for sy := range samples {
		for sx := range samples {
			p := point{corner.x + (float64(sx)+0.5)/samples*width, corner.y + (float64(sy)+0.5)/samples*width}
			if s.covers(p, s.distance(p)-s.stroke/2) {
				hits++
			}
		}
	}
	return float64(hits) / (samples * samples), 1
}

// covers reports whether the shape covers p, which lies at that distance from its edge: negative in a stroke.
func (s shape) covers(p point, edge float64) bool {
	if s.stroke > 0 {
		return edge <= 0
	}
	winding := 0
	for _, line := range s.lines {
		for n := 1; n < len(line); n++ {
			winding += crossing(p, line[n-1], line[n])
		}
	}
	return winding != 0
}

// distance is from p to the nearest line of the shape.
func (s shape) distance(p point) float64 {
	nearest := math.Inf(1)
	for _, line := range s.lines {
		for n := 1; n < len(line); n++ {
			nearest = min(nearest, distance(p, line[n-1], line[n]))
		}
	}
	return math.Sqrt(nearest)
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

// distance is the square of that from p to the nearest point of the line a-b, so that a stroke gets round ends and joins.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	length := dx*dx + dy*dy
	t := 0.0
	if length > 0 {
		t = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/length))
	}
	x, y := p.x-a.x-t*dx, p.y-a.y-t*dy
	return x*x + y*y
}

func blend(picture *image.NRGBA, x, y int, c color.NRGBA, share float64) {
	old := picture.NRGBAAt(x, y)
	under := float64(old.A) / 255 * (1 - share)
	alpha := share + under
	mix := func(above, below uint8) uint8 {
		return uint8(math.Round((float64(above)*share + float64(below)*under) / alpha))
	}
	picture.SetNRGBA(x, y, color.NRGBA{R: mix(c.R, old.R), G: mix(c.G, old.G), B: mix(c.B, old.B),
		A: uint8(math.Round(alpha * 255))})
}
