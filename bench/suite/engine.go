// Package suite does the same work with s3cors and with what a user could pick
// instead: the same rules, the same requests, the same documents. It says where
// the answers of a peer differ from S3's, and why; its test holds it to that, so
// that nobody compares the times of different work unawares.
package suite

import "github.com/s3cors/s3cors/bench/work"

// These are the words of package work.
type (
	Run      = work.Run
	Workload = work.Workload
)

// An Engine is somebody's code for some work.
type Engine struct {
	Name string
	// About says in a few words what it is.
	About string
	// Fits tells whether the engine can express the workload at all; nil stands
	// for all workloads.
	Fits func(w *Workload) bool
	// Prepare does what is done once for a bucket.
	Prepare func(w *Workload) Run
}

// A Case is a workload done by one engine.
type Case struct {
	Family   string
	Workload string
	Engine   string
	// Class is that of the workload.
	Class work.Class
	// Granted is S3's verdict; of a document, that it is valid.
	Granted bool
	// Bytes are those that the work has to look at, 0 where that says nothing.
	Bytes int
	// Prepare returns the work.
	Prepare func() Run
}

// Key names the case as go test does, without "Benchmark" and the number of
// processors.
func (c *Case) Key() string { return c.Family + "/" + work.Key(c.Workload) + "/" + work.Key(c.Engine) }

// A Family is a table of cases: every workload by every engine that can do it.
type Family struct {
	// Name is that of the benchmark, without "Benchmark".
	Name    string
	Title   string
	Engines []Engine
	Cases   []Case
}

// family makes the table of the workloads.
func family(name, title string, workloads []Workload, engines []Engine) Family {
	f := Family{Name: name, Title: title, Engines: engines}
	for i := range workloads {
		w := &workloads[i]
		for _, e := range engines {
			if e.Fits != nil && !e.Fits(w) {
				continue
			}
			f.Cases = append(f.Cases, Case{
				Family: name, Workload: w.Name, Engine: e.Name, Class: w.Class, Granted: w.Granted(),
				Bytes:   len(w.Request.Origin) + len(w.Request.RequestMethod) + len(w.Request.RequestHeaders),
				Prepare: func() Run { return e.Prepare(w) },
			})
		}
	}
	return f
}

// Workloads returns the names of the workloads of f, in order.
func (f *Family) Workloads() []string {
	var names []string
	for _, c := range f.Cases {
		if len(names) == 0 || names[len(names)-1] != c.Workload {
			names = append(names, c.Workload)
		}
	}
	return names
}
