package suite

import (
	"fmt"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
)

// A Scale is one plot: the same request while one thing grows.
type Scale struct {
	// Name is that of the file, too.
	Name string
	// Title and Axis are for people.
	Title, Axis string
	Sizes       []int
	workload    func(size int) Workload
	http        bool // whether a middleware of a single policy can do it
}

// Scales returns what is plotted.
func Scales() []Scale {
	return []Scale{
		{
			Name: "rules", Title: "Preflight with five header names, granted by the last rule", Axis: "rules",
			Sizes: []int{1, 2, 5, 10, 20, 50, 100},
			workload: func(n int) Workload {
				last := fmt.Sprintf("https://app-%d.example.com", n-1)
				return Workload{Rules: work.RulesOf(n, "https://app-%d.example.com", work.FiveNames...), Request: work.Preflight(last, work.LowerNames(work.FiveNames)), Outcome: s3cors.Granted}
			},
		},
		{
			Name: "origins", Title: "Actual request, granted by the last origin of one rule", Axis: "origins", http: true,
			Sizes: []int{1, 3, 10, 30, 100, 300, 1000},
			workload: func(n int) Workload {
				origins := work.Numbered(n, "https://app-%d.example.com")
				return Workload{Rules: []s3cors.Rule{work.Rule(origins, "*")}, Request: work.Actual(origins[n-1]), Outcome: s3cors.Granted}
			},
		},
		{
			Name: "patterns", Title: "Actual request, granted by the last wildcard origin of one rule", Axis: "patterns", http: true,
			Sizes: []int{1, 3, 10, 30, 100, 300, 1000, 2000},
			workload: func(n int) Workload {
				return Workload{
					Rules:   []s3cors.Rule{work.Rule(work.Numbered(n, "https://*.app-%d.com"), "*")},
					Request: work.Actual(fmt.Sprintf("https://www.app-%d.com", n-1)), Outcome: s3cors.Granted,
				}
			},
		},
		{
			Name: "headers", Title: "Preflight whose Access-Control-Request-Headers grows (short names, all listed)", Axis: "bytes of the field",
			Sizes: []int{16, 64, 256, 1024, 4096, 8000, 65536, 1 << 20},
			workload: func(n int) Workload {
				w := Workload{Rules: work.OneRule(work.App, "abc", "efg"), Request: work.Names("abc", n), Outcome: s3cors.Granted}
				if n > work.Room {
					w.Outcome = s3cors.TooLarge
				}
				return w
			},
		},
	}
}

// Family returns the scale as a table whose workloads are the sizes.
func (s *Scale) Family() Family {
	var workloads []Workload
	for _, n := range s.Sizes {
		w := s.workload(n)
		w.Name = fmt.Sprint(n)
		workloads = append(workloads, w)
	}
	engines := scaleEngines()
	if !s.http {
		engines = engines[:3]
	}
	return family("Scale/"+s.Name, s.Title, workloads, engines)
}

// scaleEngines are those that a plot shows: first the decisions alone, then whole
// middleware.
func scaleEngines() []Engine {
	return []Engine{
		{Name: "s3cors", Prepare: work.Evaluate},
		{Name: "versitygw", Prepare: prepareVersity},
		{Name: "plain loop", Prepare: prepareLoop},
		{Name: "s3cors, whole middleware", Prepare: work.HTTP},
		{Name: "rs/cors, whole middleware", Prepare: prepareRS},
	}
}
