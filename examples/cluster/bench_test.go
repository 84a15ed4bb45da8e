package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPutToEffect measures, for a PUT through one gateway, how long its client waits, and
// when the change is in force on both other gateways, both from the beginning of the PUT.
func BenchmarkPutToEffect(b *testing.B) {
	all := newNodes(b)
	var answered, inForce []time.Duration
	for i := 0; b.Loop(); i++ {
		bucket, origin := fmt.Sprint("bucket-", i%1000), fmt.Sprintf("https://%d.example", i)
		ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
		heard := [...]uint64{all[1].Heard(), all[2].Heard()}
		began := time.Now()
		require.Equal(b, 200, put(all[0], bucket, origin).Code)
		answered = append(answered, time.Since(began))
		for j, n := range all[1:] {
			for next := heard[j] + 1; preflight(n, bucket, origin) != 200; next++ {
				require.NoError(b, n.WaitFor(ctx, next))
			}
		}
		inForce = append(inForce, time.Since(began))
		cancel()
	}
	report(b, "answered", answered)
	report(b, "in-force", inForce)
	b.ReportMetric(0, "ns/op")
}

// BenchmarkQuestions measures how many questions of gateways the store answers, from 16 at once.
func BenchmarkQuestions(b *testing.B) {
	all := newNodes(b)
	require.Equal(b, 200, put(all[0], "bucket", "https://first.example").Code)
	var asking sync.WaitGroup
	each := max(1, b.N/16)
	b.ResetTimer()
	for i := range 16 {
		asking.Go(func() {
			for range each {
				if _, _, err := all[i%nodes].store.GetCORSSince(b.Context(), "bucket", 0); err != nil {
					b.Error(err)
				}
			}
		})
	}
	asking.Wait()
	b.ReportMetric(float64(16*each)/b.Elapsed().Seconds(), "questions/s")
}

// newNodes returns gateways whose watches have begun.
func newNodes(b *testing.B) (all [nodes]*Node) {
	servers, err := StartServers(nodes, b.TempDir(), direct)
	require.NoError(b, err)
	b.Cleanup(servers.Stop)
	for i := range all {
		all[i] = newNode(b, servers.URL(i))
	}
	eventually(b, func() bool { return put(all[0], "bucket-0", "https://first.example").Code == 200 })
	for _, n := range all {
		_, revision, err := n.store.GetCORSSince(b.Context(), "bucket-0", 0)
		require.NoError(b, err)
		require.NoError(b, n.WaitFor(b.Context(), revision))
	}
	return all
}

// report reports the middle and the 99th of 100 times, in milliseconds.
func report(b *testing.B, what string, times []time.Duration) {
	slices.Sort(times)
	for _, percent := range []int{50, 99} {
		at := times[len(times)*percent/100]
		b.ReportMetric(float64(at.Microseconds())/1000, fmt.Sprintf("ms-%s-p%d", what, percent))
	}
}
