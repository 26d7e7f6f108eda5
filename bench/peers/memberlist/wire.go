// What the nodes of the process send: memberlist's own transport, with its packets counted and, when asked, lost.
package main

import (
	"math"
	"math/rand"
	"sync/atomic"
	"time"

	"github.com/hashicorp/memberlist"
)

// wire is shared by all nodes. A lost packet has been sent, so it counts.
type wire struct {
	packets, bytes atomic.Int64
	loss           atomic.Uint64 // bits of a float64
}

func (w *wire) setLoss(rate float64) { w.loss.Store(math.Float64bits(rate)) }

// send counts a packet and says whether it reaches the socket.
func (w *wire) send(packet []byte) bool {
	w.packets.Add(1)
	w.bytes.Add(int64(len(packet)))
	loss := math.Float64frombits(w.loss.Load())
	return loss == 0 || rand.Float64() >= loss
}

// wired is a transport on real sockets, whose packets pass the wire.
type wired struct {
	*memberlist.NetTransport
	wire *wire
}

// newWired binds UDP and TCP of one number; 0 is any that is free for both.
func newWired(w *wire, port int) (*wired, error) {
	for attempt := 1; ; attempt++ {
		transport, err := memberlist.NewNetTransport(&memberlist.NetTransportConfig{
			BindAddrs: []string{"127.0.0.1"},
			BindPort:  port,
			Logger:    silent,
		})
		if err == nil {
			return &wired{transport, w}, nil
		}
		// The kernel chose for TCP alone, and somebody may have that number for UDP.
		if port != 0 || attempt == 10 {
			return nil, err
		}
	}
}

func (t *wired) WriteTo(packet []byte, to string) (time.Time, error) {
	return t.WriteToAddress(packet, memberlist.Address{Addr: to})
}

func (t *wired) WriteToAddress(packet []byte, to memberlist.Address) (time.Time, error) {
	if !t.wire.send(packet) {
		return time.Now(), nil
	}
	return t.NetTransport.WriteToAddress(packet, to)
}

var _ memberlist.NodeAwareTransport = (*wired)(nil)
