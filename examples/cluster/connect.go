package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// storeName is the name of the key-value bucket, and streamName that of its stream.
const (
	storeName  = "cors"
	streamName = "KV_" + storeName
)

// A link is the way to the key-value bucket. It is opened when it is needed first, so that
// a gateway can start while the store is away.
type link struct {
	conn     *nats.Conn
	replicas int

	mu     sync.Mutex
	kv     jetstream.KeyValue
	stream jetstream.Stream
}

// Connect returns the store behind a server of NATS, which need not be there yet. A
// connection that breaks is made again, for as long as the process lives.
func Connect(url string, replicas int) (*Store, error) {
	conn, err := nats.Connect(url, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond))
	if err != nil {
		return nil, err
	}
	return &Store{link: &link{conn: conn, replicas: replicas}, Changed: func(string, uint64) {}}, nil
}

// Close gives the connection up.
func (l *link) Close() { l.conn.Close() }

// open returns the key-value bucket and its stream, and makes them if they are not there.
func (l *link) open(ctx context.Context) (jetstream.KeyValue, jetstream.Stream, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kv != nil {
		return l.kv, l.stream, nil
	}
	if !l.conn.IsConnected() {
		return nil, nil, nats.ErrConnectionClosed // at once, in place of a wait
	}
	js, err := jetstream.New(l.conn)
	if err != nil {
		return nil, nil, err
	}
	kv, err := js.KeyValue(ctx, storeName)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: storeName, Replicas: l.replicas, MaxValueSize: 64 << 10})
	}
	if err != nil {
		return nil, nil, err
	}
	stream, err := readFromLeader(ctx, js)
	if err != nil {
		return nil, nil, err
	}
	l.kv, l.stream = kv, stream
	return kv, stream, nil
}

// readFromLeader has reads answered by the leader of the stream. By default of key-value
// buckets any replica answers, also one that is behind: then a PUT on one gateway
// would not be seen by the GET after it.
func readFromLeader(ctx context.Context, js jetstream.JetStream) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, streamName)
	if err != nil || !stream.CachedInfo().Config.AllowDirect {
		return stream, err
	}
	config := stream.CachedInfo().Config
	config.AllowDirect = false
	return js.UpdateStream(ctx, config)
}
