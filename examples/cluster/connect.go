package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// These are the names of the key-value bucket and of its stream, and of the header field of
// a message that marks a deletion. They are those of every key-value bucket of NATS, so
// that its tools read this one: `nats kv get cors BUCKET`.
const (
	storeName  = "cors"
	streamName = "KV_" + storeName
	operation  = "KV-Operation"
)

// subject returns that of the messages with the document of a bucket.
func subject(bucket string) string { return "$KV." + storeName + "." + bucket }

// A link is the way to the key-value bucket. It is opened when it is needed first, so that
// a gateway can start while the store is away.
type link struct {
	conn     *nats.Conn
	replicas int

	mu sync.Mutex
	// These are set once open has returned without an error.
	js     jetstream.JetStream
	kv     jetstream.KeyValue
	stream jetstream.Stream
}

// Connect returns the store behind a server of NATS, which need not be there yet. A
// connection that breaks is made again, for as long as the process lives. Meanwhile
// nothing is kept to be sent later: a change that has failed is not made afterwards.
func Connect(url string, replicas int) (*Store, error) {
	conn, err := nats.Connect(url, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1),
		nats.ReconnectWait(100*time.Millisecond), nats.ReconnectBufSize(-1))
	if err != nil {
		return nil, err
	}
	return &Store{link: &link{conn: conn, replicas: replicas}, Changed: func(string, uint64) {}}, nil
}

// Close gives the connection up.
func (l *link) Close() { l.conn.Close() }

// open opens the key-value bucket and its stream, and makes them if they are not there.
func (l *link) open(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kv != nil {
		return nil
	}
	if !l.conn.IsConnected() {
		return nats.ErrConnectionClosed // at once, in place of a wait
	}
	js, err := jetstream.New(l.conn)
	if err != nil {
		return err
	}
	kv, err := js.KeyValue(ctx, storeName)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: storeName, Replicas: l.replicas, MaxValueSize: 64 << 10})
	}
	if err != nil {
		return err
	}
	stream, err := readFromLeader(ctx, js)
	if err != nil {
		return err
	}
	l.js, l.kv, l.stream = js, kv, stream
	return nil
}

// last returns the revision of the last change in the store.
func (l *link) last(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	info, err := l.stream.Info(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.LastSeq, nil
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
