package main

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corsserver"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // faults of the store are what is tested
	os.Exit(m.Run())
}

// A cluster is three servers of the store, whose connections with each other and with
// their gateways can be cut, and a gateway at each.
type cluster struct {
	servers *Servers
	routes  map[[2]int]*wire // from one server to another
	clients [nodes]*wire     // from a gateway to its server
	nodes   [nodes]*Node
}

// newCluster starts the servers, and the gateways once they are connected and their
// watches have begun.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{routes: make(map[[2]int]*wire)}
	var err error
	c.servers, err = StartServers(nodes, t.TempDir(), func(i, j int, address string) string {
		c.routes[[2]int{i, j}] = newWire(t, address)
		return c.routes[[2]int{i, j}].address()
	})
	require.NoError(t, err)
	t.Cleanup(c.servers.Stop)
	for i := range nodes {
		c.clients[i] = newWire(t, strings.TrimPrefix(c.servers.URL(i), "nats://"))
		c.nodes[i] = newNode(t, "nats://"+c.clients[i].address())
	}
	c.settle(t)
	return c
}

// newNode starts a gateway whose cache never asks again by itself.
func newNode(t testing.TB, url string) *Node {
	t.Helper()
	store, err := Connect(url, nodes)
	require.NoError(t, err)
	n := NewNode(store)
	n.Cache.TTL = -1
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { n.Watch(ctx) })
	t.Cleanup(func() {
		cancel()
		store.Close()
		watching.Wait()
	})
	return n
}

// settle waits until a change through each gateway is known to all.
func (c *cluster) settle(t *testing.T) {
	t.Helper()
	for i, n := range c.nodes {
		eventually(t, func() bool { return put(n, "settled", fmt.Sprintf("https://%d", i)).Code == 200 })
		c.wait(t, n, "settled")
	}
}

// wait waits until the watches of all gateways have told what one of them has of a
// bucket.
func (c *cluster) wait(t *testing.T, n *Node, bucket string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, revision, err := n.store.GetCORSSince(ctx, bucket, 0)
	require.NoError(t, err)
	for _, n := range c.nodes {
		require.NoError(t, n.WaitFor(ctx, revision), "gateway at %s has heard of %d, and not of %d", n.store.conn.ConnectedUrl(), n.Heard(), revision)
	}
}

// isolate cuts a server off from the others, or joins it with them again.
func (c *cluster) isolate(i int, cut bool) {
	for pair, wire := range c.routes {
		switch {
		case pair[0] != i && pair[1] != i:
		case cut:
			wire.Cut()
		default:
			wire.Mend()
		}
	}
}

// eventually waits for a minute at most until something holds.
func eventually(t testing.TB, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "it does not come about")
	}
}

// patience is for how long clients wait.
const patience = 2 * time.Second

func send(n *Node, method, target, body string, header ...string) *httptest.ResponseRecorder {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return w
}

func configuration(origin string) string {
	return "<CORSConfiguration><CORSRule><AllowedOrigin>" + origin + "</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>"
}

func put(n *Node, bucket, origin string) *httptest.ResponseRecorder {
	body := configuration(origin)
	sum := md5.Sum([]byte(body))
	return send(n, http.MethodPut, "/"+bucket+"?cors", body, "Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
}

func remove(n *Node, bucket string) *httptest.ResponseRecorder {
	return send(n, http.MethodDelete, "/"+bucket+"?cors", "")
}

func get(n *Node, bucket string) *httptest.ResponseRecorder {
	return send(n, http.MethodGet, "/"+bucket+"?cors", "")
}

func preflight(n *Node, bucket, origin string) int {
	return send(n, http.MethodOptions, "/"+bucket+"/key", "", "Origin", origin, "Access-Control-Request-Method", "PUT").Code
}

func TestAChangeIsInForceEverywhereOnceTheWatchHasToldIt(t *testing.T) {
	c := newCluster(t)
	for round := range 20 {
		bucket, origin := fmt.Sprint("bucket-", round%3), fmt.Sprintf("https://%d.example", round)
		for _, n := range c.nodes { // whose caches now have what was before, and never ask again
			require.Equal(t, 403, preflight(n, bucket, origin))
		}
		writer := c.nodes[round%nodes]
		require.Equal(t, 200, put(writer, bucket, origin).Code)
		require.Equal(t, 200, preflight(writer, bucket, origin), "at once where it was put")
		c.wait(t, writer, bucket)
		for _, n := range c.nodes {
			require.Equal(t, 200, preflight(n, bucket, origin))
			require.Contains(t, get(n, bucket).Body.String(), origin)
		}
		if round%2 == 0 {
			require.Equal(t, 204, remove(c.nodes[(round+1)%nodes], bucket).Code)
			c.wait(t, writer, bucket)
			for _, n := range c.nodes {
				require.Equal(t, 403, preflight(n, bucket, origin))
				require.Equal(t, 404, get(n, bucket).Code)
			}
		}
	}
}

func TestAChangeThatLostARaceIsTold(t *testing.T) {
	c := newCluster(t)
	told := 0
	for round := range 100 {
		var codes [nodes]int
		var writers sync.WaitGroup
		for i, n := range c.nodes {
			writers.Go(func() { codes[i] = put(n, "bucket", fmt.Sprintf("https://%d-%d", round, i)).Code })
		}
		writers.Wait()
		stored := get(c.nodes[0], "bucket").Body.String()
		won := false
		for i, code := range codes {
			switch code {
			case 200:
				won = won || strings.Contains(stored, fmt.Sprintf("https://%d-%d<", round, i))
			case 409:
				told++
				require.NotContains(t, stored, fmt.Sprintf("https://%d-%d<", round, i))
			default:
				require.Fail(t, "another answer", "%d", code)
			}
		}
		require.True(t, won, "%v, and stored is %s", codes, stored)
	}
	require.NotZero(t, told, "no two met")
}

func TestAWatchThatBreaksCatchesUp(t *testing.T) {
	c := newCluster(t)
	for round := range 3 {
		origin := fmt.Sprintf("https://%d.example", round)
		require.Equal(t, 403, preflight(c.nodes[1], "bucket", origin))
		c.clients[1].Cut()
		require.Equal(t, 200, put(c.nodes[0], "bucket", origin).Code)
		require.Equal(t, 200, preflight(c.nodes[0], "bucket", origin))
		require.Equal(t, 403, preflight(c.nodes[1], "bucket", origin), "which knows no better for now")
		c.clients[1].Mend()
		c.wait(t, c.nodes[0], "bucket")
		require.Equal(t, 200, preflight(c.nodes[1], "bucket", origin))
	}
}

// TestALeaderThatIsCutOffAcknowledgesNothing asks the server that takes itself for the leader,
// which has no document of the bucket: the others may have one by now.
func TestALeaderThatIsCutOffAcknowledgesNothing(t *testing.T) {
	c := newCluster(t)
	cut := c.leader(t)
	c.isolate(cut, true)
	require.Equal(t, 500, remove(c.nodes[cut], "bucket").Code)
	require.Contains(t, []int{409, 500}, put(c.nodes[cut], "bucket", "https://a.example").Code, "409: the deletion may come first")
	require.Equal(t, 500, put(c.nodes[cut], "another", "https://a.example").Code)
	require.NoError(t, c.works((cut+1)%nodes))
	c.isolate(cut, false)
	require.NoError(t, c.works(cut))
}

func TestAGatewayThatStartsWhileTheStoreIsAway(t *testing.T) {
	addresses, err := freeAddresses(1)
	require.NoError(t, err)
	away := newWire(t, addresses[0].String())
	n := newNode(t, "nats://"+away.address())
	require.Equal(t, 500, preflight(n, "bucket", "https://a.example"))
	require.Equal(t, 500, get(n, "bucket").Code)
	require.Equal(t, 500, put(n, "bucket", "https://a.example").Code)
	actual := send(n, http.MethodGet, "/bucket/key", "", "Origin", "https://a.example")
	require.Equal(t, 200, actual.Code)
	require.Empty(t, actual.Header().Get("Access-Control-Allow-Origin"))

	servers, err := StartServers(nodes, t.TempDir(), direct)
	require.NoError(t, err)
	t.Cleanup(servers.Stop)
	away.mu.Lock()
	away.target = strings.TrimPrefix(servers.URL(0), "nats://")
	away.mu.Unlock()
	eventually(t, func() bool { return put(n, "bucket", "https://a.example").Code == 200 })
	require.Equal(t, 200, preflight(n, "bucket", "https://a.example"))
}

func TestADocumentOfNoBytesIsNotNone(t *testing.T) {
	store := newCluster(t).nodes[0].store
	for _, document := range [][]byte{nil, {}} {
		require.NoError(t, store.PutCORS(t.Context(), "bucket", document))
		got, err := store.GetCORS(t.Context(), "bucket")
		require.NoError(t, err)
		require.NotNil(t, got)
		require.Empty(t, got)
		require.NoError(t, store.DeleteCORS(t.Context(), "bucket"))
		got, err = store.GetCORS(t.Context(), "bucket")
		require.NoError(t, err)
		require.Nil(t, got)
	}
	for _, name := range []string{"", "a*", ">", "a b", "A", "../a", "a..b", strings.Repeat("a", 64)} {
		_, err := store.GetCORS(t.Context(), name)
		require.ErrorIs(t, err, corsserver.ErrNoSuchBucket)
		require.ErrorIs(t, store.PutCORS(t.Context(), name, nil), corsserver.ErrNoSuchBucket)
		require.ErrorIs(t, store.DeleteCORS(t.Context(), name), corsserver.ErrNoSuchBucket)
	}
}
