package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// startTime bounds the start of a server.
const startTime = 30 * time.Second

// Servers are a cluster of NATS servers with JetStream in this process, on the loopback
// interface.
type Servers struct {
	options []*server.Options
	running []*server.Server
}

// StartServers starts a cluster of n servers, which keep their data below a directory. Server
// i reaches server j at what route returns for the address at which j listens: that
// address itself, or one of something in between.
func StartServers(n int, directory string, route func(i, j int, address string) string) (*Servers, error) {
	addresses, err := freeAddresses(2 * n)
	if err != nil {
		return nil, err
	}
	s := &Servers{running: make([]*server.Server, n)}
	clients, peers := addresses[:n], addresses[n:]
	for i := range n {
		o := optionsOf(fmt.Sprintf("store-%d", i+1), directory, clients[i].Port, peers[i].Port)
		for j := range n {
			if j != i {
				o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: route(i, j, peers[j].String())})
			}
		}
		s.options = append(s.options, o)
	}
	for i := range n {
		if err := s.Start(i); err != nil {
			s.Stop()
			return nil, err
		}
	}
	return s, nil
}

// optionsOf returns the options of a server, but for the ways to the others.
func optionsOf(name, directory string, clients, peers int) *server.Options {
	return &server.Options{
		ServerName: name, Host: "127.0.0.1", Port: clients, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: filepath.Join(directory, name),
		Cluster: server.ClusterOpts{Name: "cors", Host: "127.0.0.1", Port: peers, NoAdvertise: true, PoolSize: -1},
	}
}

// freeAddresses returns addresses at which nobody listens. Their ports are below those that
// systems give to connections going out, which would take them while a server is down.
func freeAddresses(n int) ([]*net.TCPAddr, error) {
	const first, ports, tries = 10_000, 20_000, 1000
	var free []*net.TCPAddr
	for range tries {
		address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: first + rand.IntN(ports)}
		listener, err := net.ListenTCP("tcp", address)
		if err != nil {
			continue
		}
		defer listener.Close() // so that no two are the same
		if free = append(free, address); len(free) == n {
			return free, nil
		}
	}
	return nil, errors.New("no ports are free")
}

// Start starts the server with that index, which counts from 0, again.
func (s *Servers) Start(i int) error {
	ns, err := server.NewServer(s.options[i].Clone())
	if err != nil {
		return err
	}
	go ns.Start()
	if !ns.ReadyForConnections(startTime) {
		ns.Shutdown()
		return errors.New("a store did not start in time")
	}
	s.running[i] = ns
	return nil
}

// Kill ends the server with that index, as a crash would for the others.
func (s *Servers) Kill(i int) {
	if s.running[i] != nil {
		s.running[i].Shutdown()
		s.running[i].WaitForShutdown()
		s.running[i] = nil
	}
}

// Stop ends all servers.
func (s *Servers) Stop() {
	for i := range s.running {
		s.Kill(i)
	}
}

// URL returns where clients reach the server with that index.
func (s *Servers) URL(i int) string {
	return fmt.Sprintf("nats://127.0.0.1:%d", s.options[i].Port)
}
