package main

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A wire carries connections to an address, and can be cut.
type wire struct {
	listener net.Listener
	target   string

	mu   sync.Mutex
	cut  bool
	ends map[net.Conn]bool
}

// newWire returns a wire to a target, which need not be there yet.
func newWire(t *testing.T, target string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{listener: listener, target: target, ends: make(map[net.Conn]bool)}
	var carrying sync.WaitGroup
	carrying.Go(func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return // closed
			}
			carrying.Go(func() { w.carry(from) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		w.Cut()
		carrying.Wait()
	})
	return w
}

func (w *wire) address() string { return w.listener.Addr().String() }

// carry copies in both directions until one of them ends.
func (w *wire) carry(from net.Conn) {
	defer w.drop(from)
	if !w.hold(from) {
		return
	}
	w.mu.Lock()
	target := w.target
	w.mu.Unlock()
	to, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer w.drop(to)
	if !w.hold(to) {
		return
	}
	go func() {
		_, _ = io.Copy(from, to) // which ends with either
		w.drop(from)
	}()
	_, _ = io.Copy(to, from)
}

// hold notes an open end; false if the wire is cut.
func (w *wire) hold(end net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.cut {
		w.ends[end] = true
	}
	return !w.cut
}

func (w *wire) drop(end net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ends, end)
	end.Close()
}

// Cut ends all connections, and lets no new one through.
func (w *wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for end := range w.ends {
		end.Close()
	}
}

// Mend lets connections through again.
func (w *wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
}
