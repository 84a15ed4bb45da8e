package corstest_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest"
	"github.com/s3cors/s3cors/corstest/vectors"
)

type (
	question = corstest.Question
	answer   = corstest.Answer
)

func answerOf(d s3cors.Decision) answer {
	rule := d.Rule()
	a := answer{Status: d.Status(), Outcome: d.Outcome().String(), Rule: &rule}
	for name, value := range d.Headers() {
		a.Headers = append(a.Headers, vectors.Pair{name, value})
	}
	a.Error = elementsOf(d.Refusal())
	return a
}

func refused(err error) answer {
	var first *s3cors.Error
	if !errors.As(err, &first) {
		panic(err)
	}
	return answer{Status: first.Status, Error: elementsOf(first)}
}

func elementsOf(e *s3cors.Error) vectors.Elements {
	if e == nil {
		return nil
	}
	elements := vectors.Elements{{"Code", e.Code}, {"Message", e.Message}}
	for _, element := range e.Elements {
		elements = append(elements, vectors.Pair{element.Name, element.Value})
	}
	return elements
}

var dialects = map[string]s3cors.Dialect{"": s3cors.Amazon, "ceph": s3cors.Ceph, "ceph-main": s3cors.CephMain}

func TestTheServerOfThisRepositoryHoldsAllVectors(t *testing.T) {
	for name, dialect := range dialects {
		t.Run("dialect "+name, func(t *testing.T) {
			opts := corstest.Options{Dialect: name, Strict: true}
			if dialect == s3cors.Amazon {
				opts.Sign = owner
			} else { // to which a signed request is another one than the vectors have
				opts.Lacks = []corstest.Need{"authentication"}
			}
			corstest.TestHandler(t, func(*testing.T) http.Handler { return newStorage(dialect, plain).handler }, opts)
		})
	}
}

func TestTheEvaluatorOfThisRepositoryHoldsAllDecisions(t *testing.T) {
	for name, dialect := range dialects {
		t.Run("dialect "+name, func(t *testing.T) {
			corstest.TestEvaluator(t, evaluate(dialect), corstest.Options{Dialect: name, Strict: true})
		})
	}
}
