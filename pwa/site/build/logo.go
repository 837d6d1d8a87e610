package build

import (
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
)

// shape is a part of the logo as polygons in the units of its view box. A stroke is its middle line with a width.
type shape struct {
	lines  [][]point
	fill   color.NRGBA
	stroke float64 // width; 0 means filled
	ground bool    // the rectangle behind everything
}

type point struct{ x, y float64 }

type logo struct {
	size   float64 // width and height of the view box
	shapes []shape
}

// parseLogo reads the subset of SVG that the logo is drawn in: a square view box, rect and path, fill or stroke.
func parseLogo(content []byte) (*logo, error) {
	parsed := &logo{}
	decoder := xml.NewDecoder(strings.NewReader(string(content)))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return parsed, nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse the logo: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if err := parsed.add(start); err != nil {
			return nil, fmt.Errorf("parse the logo: %s: %w", start.Name.Local, err)
		}
	}
}

func (l *logo) add(start xml.StartElement) error {
	attr := map[string]string{}
	for _, each := range start.Attr {
		attr[each.Name.Local] = each.Value
	}
	switch start.Name.Local {
	case "svg":
		_, err := fmt.Sscanf(attr["viewBox"], "0 0 %f %f", &l.size, &l.size)
		return err
	case "rect":
		return l.addRect(attr)
	case "path":
		return l.addPath(attr)
	default:
		return errors.New("not supported")
	}
}

func (l *logo) addRect(attr map[string]string) error {
	fill, err := parseColor(attr["fill"])
	if err != nil {
		return err
	}
	w, h, r := number(attr["width"]), number(attr["height"]), number(attr["rx"])
	d := fmt.Sprintf("M%[3]g 0H%[4]gA%[3]g %[3]g 0 0 1 %[1]g %[3]gV%[5]gA%[3]g %[3]g 0 0 1 %[4]g %[2]gH%[3]gA%[3]g %[3]g 0 0 "+
		"1 0 %[5]gV%[3]gA%[3]g %[3]g 0 0 1 %[3]g 0z",
		w, h, r, w-r, h-r)
	lines, err := flatten(d)
	l.shapes = append(l.shapes, shape{lines: lines, fill: fill, ground: len(l.shapes) == 0})
	return err
}

func (l *logo) addPath(attr map[string]string) error {
	lines, err := flatten(attr["d"])
	if err != nil {
		return err
	}
	added := shape{lines: lines}
	if attr["stroke"] == "" {
		added.fill, err = parseColor(attr["fill"])
	} else {
		added.stroke = number(attr["stroke-width"])
		added.fill, err = parseColor(attr["stroke"])
	}
	l.shapes = append(l.shapes, added)
	return err
}

func number(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return value
}

func parseColor(text string) (color.NRGBA, error) {
	hex, ok := strings.CutPrefix(text, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	value, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 6 {
		return color.NRGBA{}, fmt.Errorf("colour %q is not #rgb or #rrggbb", text)
	}
	return color.NRGBA{R: uint8(value >> 16), G: uint8(value >> 8), B: uint8(value), A: 255}, nil
}

// pen turns path data into lines.
type pen struct {
	lines     [][]point
	at, start point
}

var operands = map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'A': 7, 'Z': 0}

func flatten(d string) ([][]point, error) {
	p := &pen{}
	var command byte
	for rest := strings.TrimLeft(d, " ,"); rest != ""; rest = strings.TrimLeft(rest, " ,") {
		if c := rest[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			command, rest = c, rest[1:]
		}
		count, known := operands[command&^0x20]
		if !known {
			return nil, fmt.Errorf("path command %q", command)
		}
		var args []float64
		var err error
		if args, rest, err = scanNumbers(rest, count); err != nil {
			return nil, err
		}
		p.draw(command, args)
	}
	return p.lines, nil
}

func scanNumbers(text string, count int) ([]float64, string, error) {
	args := make([]float64, count)
	for i := range args {
		text = strings.TrimLeft(text, " ,")
		end := numberEnd(text)
		value, err := strconv.ParseFloat(text[:end], 64)
		if err != nil {
			return nil, "", fmt.Errorf("path data: %w", err)
		}
		args[i], text = value, text[end:]
	}
	return args, text, nil
}

func numberEnd(text string) int {
	dot := false
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9', c == '-' && i == 0:
		case c == '.' && !dot:
			dot = true
		default:
			return i
		}
	}
	return len(text)
}

func (p *pen) draw(command byte, a []float64) {
	var from point
	if command >= 'a' {
		from = p.at
	}
	switch command &^ 0x20 {
	case 'M':
		p.at = point{from.x + a[0], from.y + a[1]}
		p.start = p.at
		p.lines = append(p.lines, []point{p.at})
	case 'L':
		p.line(point{from.x + a[0], from.y + a[1]})
	case 'H':
		p.line(point{from.x + a[0], p.at.y})
	case 'V':
		p.line(point{p.at.x, from.y + a[0]})
	case 'C':
		p.cubic(point{from.x + a[0], from.y + a[1]}, point{from.x + a[2], from.y + a[3]}, point{from.x + a[4], from.y + a[5]})
	case 'A':
		p.arc(a[0], a[3] != 0, a[4] != 0, point{from.x + a[5], from.y + a[6]})
	case 'Z':
		p.line(p.start)
	}
}

const steps = 24 // lines for each curve

func (p *pen) line(to point) {
	p.at = to
	last := len(p.lines) - 1
	p.lines[last] = append(p.lines[last], to)
}

func (p *pen) cubic(b, c, d point) {
	a := p.at
	for i := 1; i <= steps; i++ {
		t := float64(i) / steps
		u := 1 - t
		ka, kb, kc, kd := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		p.line(point{ka*a.x + kb*b.x + kc*c.x + kd*d.x, ka*a.y + kb*b.y + kc*c.y + kd*d.y})
	}
}

// arc draws a part of a circle (SVG implementation notes B.2.4, with equal radii).
func (p *pen) arc(r float64, large, sweep bool, to point) {
	from := p.at
	dx, dy := to.x-from.x, to.y-from.y
	chord := math.Hypot(dx, dy)
	if chord == 0 {
		return
	}
	r = max(r, chord/2)
	offset := math.Sqrt(r*r-chord*chord/4) / chord
	if large == sweep {
		offset = -offset
	}
	centre := point{from.x + dx/2 - dy*offset, from.y + dy/2 + dx*offset}
	begin := math.Atan2(from.y-centre.y, from.x-centre.x)
	turn := math.Atan2(to.y-centre.y, to.x-centre.x) - begin
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	}
	if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	for i := 1; i < steps; i++ {
		angle := begin + turn*float64(i)/steps
		p.line(point{centre.x + r*math.Cos(angle), centre.y + r*math.Sin(angle)})
	}
	p.line(to)
}
