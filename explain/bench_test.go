package explain_test

import (
	"testing"

	"github.com/s3cors/s3cors/explain"
)

func BenchmarkExplain(b *testing.B) {
	s := upload()
	for b.Loop() {
		explain.Explain(s)
	}
}
