// One node without sockets: packets are handed to it out of memory, and what handling them costs is counted.
package main

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/memberlist"
)

const (
	handlerName = "bench"
	// batch packets are handed over before the node may catch up: their messages fit into memberlist's queue of 1,024.
	batch = 100
)

var peer = &net.UDPAddr{IP: net.IPv4(10, 0, 0, 2).To4(), Port: 7946}

// memory is a transport that takes from a channel and counts what is sent.
type memory struct {
	packets chan *memberlist.Packet
	sent    atomic.Int64
}

func (m *memory) FinalAdvertiseAddr(string, int) (net.IP, int, error) {
	return net.IPv4(10, 0, 0, 1).To4(), 7946, nil
}
func (m *memory) WriteTo([]byte, string) (time.Time, error) {
	m.sent.Add(1)
	return time.Now(), nil
}
func (m *memory) PacketCh() <-chan *memberlist.Packet { return m.packets }
func (m *memory) StreamCh() <-chan net.Conn           { return nil }
func (m *memory) Shutdown() error                     { return nil }
func (m *memory) DialTimeout(string, time.Duration) (net.Conn, error) {
	return nil, errors.New("no streams")
}

type handler struct {
	memory *memory
	list   *memberlist.Memberlist
}

// cost is of one packet, on the mean.
type cost struct {
	Us      float64 `json:"us"`
	Bytes   float64 `json:"bytes"`
	Objects float64 `json:"objects"`
	Answers float64 `json:"answers"`
}

// newHandler makes a node that knows what the packets say, on one core.
func newHandler(known [][]byte) *handler {
	runtime.GOMAXPROCS(1)
	m := &memory{packets: make(chan *memberlist.Packet)}
	config := memberlist.DefaultLANConfig()
	config.Name = handlerName
	config.Transport = m
	config.EnableCompression = false
	// Nothing happens by itself.
	config.ProbeInterval, config.GossipInterval, config.PushPullInterval = 0, 0, 0
	config.Logger = silent
	list, err := memberlist.Create(config)
	check(err)
	h := &handler{m, list}
	for _, packet := range known {
		h.hand(packet)
	}
	h.catchUp()
	return h
}

func (h *handler) hand(packet []byte) {
	h.memory.packets <- &memberlist.Packet{Buf: packet, From: peer, Timestamp: time.Now()}
}

// catchUp lets the node's goroutines run until they have nothing to do: on one core each yield is a turn of all others.
func (h *handler) catchUp() {
	for i := 0; i < 8; i++ {
		runtime.Gosched()
	}
}

func (h *handler) handle(packet []byte, times int) cost {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	answers, began := h.memory.sent.Load(), cpu()
	for i := 1; i <= times; i++ {
		h.hand(packet)
		if i%batch == 0 {
			h.catchUp()
		}
	}
	h.catchUp()
	took := cpu() - began
	runtime.ReadMemStats(&after)
	each := func(total float64) float64 { return total / float64(times) }
	return cost{
		Us:      each(float64(took) / float64(time.Microsecond)),
		Bytes:   each(float64(after.TotalAlloc - before.TotalAlloc)),
		Objects: each(float64(after.Mallocs - before.Mallocs)),
		Answers: each(float64(h.memory.sent.Load() - answers)),
	}
}

// cpu is the processor time of this process, user and system.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(fmt.Errorf("getrusage: %w", err))
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
