package report

// A Diagnosis is a bug that explains failures.
type Diagnosis struct {
	Bug        string   `json:"bug"`        // the name of its class
	Title      string   `json:"title"`      // what such a server does
	Seen       []string `json:"seen"`       // who had it
	Explains   []string `json:"explains"`   // the ids of the failed vectors that it accounts for
	Confidence string   `json:"confidence"` // how sure this is
}
