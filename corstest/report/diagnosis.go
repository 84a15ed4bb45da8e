package report

// A Diagnosis is a bug that explains failures.
type Diagnosis struct {
	Bug        string   `json:"bug"`        // the name of its class
	Title      string   `json:"title"`      // what is wrong
	Seen       []string `json:"seen"`       // reports about others who had it, or their names
	Explains   []string `json:"explains"`   // the ids of the failed vectors that it accounts for
	Confidence float64  `json:"confidence"` // how sure it is, from 0 to 1 in hundredths
}
