package main

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/s3cors/s3cors/bench/suite"
)

// writePlots writes a picture for each scale into dir.
func (m *measurement) writePlots(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, s := range suite.Scales() {
		p, err := m.plot(&s)
		if err != nil {
			return err
		}
		if err := p.Save(20*vg.Centimeter, 11*vg.Centimeter, filepath.Join(dir, s.Name+".svg")); err != nil {
			return err
		}
	}
	return nil
}

// colours are told apart also by those who see no red or no green.
var colours = []color.Color{
	color.RGBA{R: 0x00, G: 0x50, B: 0xb0, A: 0xff},
	color.RGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff},
	color.RGBA{R: 0x77, G: 0x77, B: 0x77, A: 0xff},
	color.RGBA{R: 0x3a, G: 0xa0, B: 0xd8, A: 0xff},
	color.RGBA{R: 0x9c, G: 0x4f, B: 0x96, A: 0xff},
}

// plot draws what each engine takes at growing sizes, with logarithmic axes.
func (m *measurement) plot(s *suite.Scale) (*plot.Plot, error) {
	plot.DefaultFont.Variant = "Sans"
	p := plot.New()
	p.Title.Text, p.X.Label.Text = s.Title, s.Axis
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = decades(count), decades(whole)
	p.Add(plotter.NewGrid())
	p.Legend.Top, p.Legend.Left, p.Legend.YOffs = true, true, -vg.Millimeter
	f := s.Family()
	for i, e := range f.Engines {
		curve := make(plotter.XYs, len(s.Sizes))
		for k, size := range s.Sizes {
			curve[k] = plotter.XY{X: float64(size), Y: m.find(f.Name, strconv.Itoa(size), e.Name).median()}
		}
		line, points, err := plotter.NewLinePoints(curve)
		if err != nil {
			return nil, err
		}
		line.Color, points.Color, points.Shape = colours[i], colours[i], draw.CircleGlyph{}
		line.Width = vg.Points(1.5)
		p.Add(line, points)
		p.Legend.Add(e.Name, line, points)
	}
	p.Y.Max *= 30 // room for the legend
	return p, nil
}

// decades marks powers of ten, and names them.
func decades(name func(float64) string) plot.Ticker {
	return plot.TickerFunc(func(low, high float64) []plot.Tick {
		ticks := plot.LogTicks{}.Ticks(low, high)
		for i := range ticks {
			if ticks[i].Label != "" {
				ticks[i].Label = name(ticks[i].Value)
			}
		}
		return ticks
	})
}

func count(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// whole writes a duration without what follows the point.
func whole(ns float64) string {
	number, unit, _ := strings.Cut(duration(ns), " ")
	number, _, _ = strings.Cut(number, ".")
	return fmt.Sprintf("%s %s", number, unit)
}
