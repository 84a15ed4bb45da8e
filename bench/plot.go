package main

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/bench/suite"
)

// A curve is what one engine costs at growing sizes.
type curve struct {
	name   string
	points [][2]float64 // size and nanoseconds
}

// A plot is an SVG picture with logarithmic axes.
type plot struct {
	title, axis string
	curves      []curve
}

// writePlots writes a picture for each scale into dir.
func (m *measurement) writePlots(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, s := range suite.Scales() {
		p := m.plot(&s)
		if err := os.WriteFile(filepath.Join(dir, s.Name+".svg"), []byte(p.svg()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (m *measurement) plot(s *suite.Scale) plot {
	p := plot{title: s.Title, axis: s.Axis}
	f := s.Family()
	for _, e := range f.Engines {
		c := curve{name: e.Name}
		for _, size := range s.Sizes {
			measured := m.find(f.Name, strconv.Itoa(size), e.Name)
			c.points = append(c.points, [2]float64{float64(size), measured.median()})
		}
		p.curves = append(p.curves, c)
	}
	return p
}

// The picture's size and margins, in its own units.
const (
	width, height            = 760, 430
	left, right, top, bottom = 70, 190, 50, 50
)

// colours are told apart also by those who see no red or no green.
var colours = []string{"#0050b0", "#d55e00", "#777777", "#3aa0d8", "#9c4f96"}

// A scale maps values to places in the picture, by their logarithm.
type scale struct{ low, high, from, to float64 }

func (s scale) at(value float64) float64 {
	part := (math.Log(value) - math.Log(s.low)) / (math.Log(s.high) - math.Log(s.low))
	return s.from + part*(s.to-s.from)
}

// decades are the powers of ten within s.
func (s scale) decades() []float64 {
	var ticks []float64
	for tick := math.Pow(10, math.Ceil(math.Log10(s.low)-1e-9)); tick <= s.high*(1+1e-9); tick *= 10 {
		ticks = append(ticks, tick)
	}
	return ticks
}

// tickName writes a power of ten of nanoseconds.
func tickName(tick float64) string {
	number, unit, _ := strings.Cut(duration(tick), " ")
	number, _, _ = strings.Cut(number, ".")
	return number + " " + unit
}

// scales fits the axes to the curves: sizes from end to end, times to whole
// powers of ten.
func (p *plot) scales() (x, y scale) {
	x = scale{math.Inf(1), 0, left, width - right}
	y = scale{math.Inf(1), 0, height - bottom, top}
	for _, c := range p.curves {
		for _, point := range c.points {
			x.low, x.high = min(x.low, point[0]), max(x.high, point[0])
			y.low, y.high = min(y.low, point[1]), max(y.high, point[1])
		}
	}
	y.low = math.Pow(10, math.Floor(math.Log10(y.low)))
	y.high = math.Pow(10, math.Ceil(math.Log10(y.high)))
	return x, y
}

func (p *plot) svg() string {
	var b strings.Builder
	x, y := p.scales()
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	text(&b, left, 24, "start", "#000000", p.title)
	text(&b, (left+width-right)/2, height-12, "middle", "#000000", p.axis)
	for _, tick := range x.decades() {
		grid(&b, x.at(tick), top, x.at(tick), height-bottom)
		text(&b, x.at(tick), height-bottom+18, "middle", "#000000", strconv.FormatFloat(tick, 'f', -1, 64))
	}
	for _, tick := range y.decades() {
		grid(&b, left, y.at(tick), width-right, y.at(tick))
		text(&b, left-8, y.at(tick)+4, "end", "#000000", tickName(tick))
	}
	labels := p.labels(y)
	for i, c := range p.curves {
		c.draw(&b, x, y, colours[i])
		text(&b, width-right+10, labels[i]+4, "start", colours[i], c.name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// labels returns how high the names of the curves stand: where the curves end,
// but never on each other.
func (p *plot) labels(y scale) []float64 {
	const line = 16
	places := make([]float64, len(p.curves))
	order := make([]int, len(p.curves))
	for i, c := range p.curves {
		order[i] = i
		places[i] = y.at(c.points[len(c.points)-1][1])
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(places[i], places[j]) })
	for k := 1; k < len(order); k++ {
		places[order[k]] = max(places[order[k]], places[order[k-1]]+line)
	}
	return places
}

func (c *curve) draw(b *strings.Builder, x, y scale, colour string) {
	var points []string
	for _, point := range c.points {
		points = append(points, fmt.Sprintf("%.1f,%.1f", x.at(point[0]), y.at(point[1])))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"><title>%s: %s</title></circle>`+"\n",
			x.at(point[0]), y.at(point[1]), colour, html.EscapeString(c.name), duration(point[1]))
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), colour)
}

func grid(b *strings.Builder, x1, y1, x2, y2 float64) {
	fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#dddddd"/>`+"\n", x1, y1, x2, y2)
}

func text(b *strings.Builder, x, y float64, anchor, colour, s string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, colour, html.EscapeString(s))
}
