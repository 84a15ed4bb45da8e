package wire

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestThePoolEndsTheConnectionThatWaitsLongest(t *testing.T) {
	var p pool
	others := make([]net.Conn, maxIdle+1) // the other ends
	for i := range others {
		var raw net.Conn
		raw, others[i] = net.Pipe()
		defer others[i].Close()
		require.NoError(t, others[i].SetReadDeadline(time.Now().Add(time.Minute)))
		p.put("", newConn(raw))
	}
	_, err := others[0].Read(make([]byte, 1))
	require.EqualError(t, err, "EOF")
	require.Len(t, p.idle, maxIdle)
	require.NotNil(t, p.take(""))
	require.Nil(t, p.take("another"))
	p.close()
	require.Nil(t, p.take(""))
	raw, other := net.Pipe()
	p.put("", newConn(raw))
	_, err = other.Read(make([]byte, 1))
	require.EqualError(t, err, "EOF", "a pool that is closed keeps nothing")
}
