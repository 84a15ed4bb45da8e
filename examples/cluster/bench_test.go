package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPutToEffect measures, for a PUT through one gateway, how long its client waits, and
// when the change is in force on both other gateways, both from the beginning of the PUT.
func BenchmarkPutToEffect(b *testing.B) {
	servers, err := StartServers(nodes, b.TempDir(), direct)
	require.NoError(b, err)
	b.Cleanup(servers.Stop)
	var all [nodes]*Node
	for i := range all {
		all[i] = newNode(b, servers.URL(i))
	}
	eventually(b, func() bool { return put(all[0], "bucket-0", "https://first.example").Code == 200 })
	for _, n := range all { // their watches have begun
		_, revision, err := n.store.GetCORSSince(b.Context(), "bucket-0", 0)
		require.NoError(b, err)
		require.NoError(b, n.WaitFor(b.Context(), revision))
	}
	var answered, inForce []time.Duration
	for i := 0; b.Loop(); i++ {
		bucket, origin := fmt.Sprint("bucket-", i%1000), fmt.Sprintf("https://%d.example", i)
		ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
		heard := [...]uint64{all[1].Heard(), all[2].Heard()}
		began := time.Now()
		require.Equal(b, 200, put(all[0], bucket, origin).Code)
		answered = append(answered, time.Since(began))
		for j, n := range all[1:] {
			require.NoError(b, n.WaitFor(ctx, heard[j]+1))
			require.Equal(b, 200, preflight(n, bucket, origin))
		}
		inForce = append(inForce, time.Since(began))
		cancel()
	}
	report(b, "answered", answered)
	report(b, "in-force", inForce)
	b.ReportMetric(0, "ns/op")
}

// report reports the middle and the 99th of 100 times, in milliseconds.
func report(b *testing.B, what string, times []time.Duration) {
	slices.Sort(times)
	for _, percent := range []int{50, 99} {
		at := times[len(times)*percent/100]
		b.ReportMetric(float64(at.Microseconds())/1000, fmt.Sprintf("ms-%s-p%d", what, percent))
	}
}
