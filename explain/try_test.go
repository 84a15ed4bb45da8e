package explain

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/s3cors/s3cors"
)

func TestTry(t *testing.T) {
	file := os.Getenv("TRY")
	if file == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(file)
	var all struct{ Cases []struct {
		ID, Document, Truth, Explain_should_say, Reported, Dialect string
		Request *struct{ Method, Origin, Request_method, Request_headers, Target string }
		Fetch *Fetch
		Expect struct{ Eval string }
	} }
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Cases {
		if c.Request == nil {
			continue
		}
		var opts []s3cors.Option
		if c.Dialect != "" {
			var d s3cors.Dialect
			d.UnmarshalText([]byte(c.Dialect))
			opts = append(opts, s3cors.WithDialect(d))
		}
		s := Subject{Request: s3cors.Request{Method: c.Request.Method, Origin: c.Request.Origin, RequestMethod: c.Request.Request_method, RequestHeaders: c.Request.Request_headers}, Fetch: c.Fetch}
		if c.Request.Target == "bucket" {
			s.Request.Target = s3cors.TargetBucket
		}
		if c.Request.Target == "service" {
			s.Request.Target = s3cors.TargetService
		}
		if c.Document != "" {
			d := s3cors.ParseDocument([]byte(c.Document), opts...)
			s.Problems = d.Problems()
			if !d.Unreadable() {
				s.Configuration = d.Configuration()
			}
		}
		e := Explain(s, opts...)
		fmt.Printf("#### %s  %+v\nTRUTH %s\nSAY %s\n%s\n", c.ID, *c.Request, c.Truth, c.Explain_should_say, e.Text(false))
		if c.Expect.Eval != "" && c.Expect.Eval != e.Outcome {
			fmt.Println("!!!!! outcome", c.Expect.Eval, e.Outcome)
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	}
}
