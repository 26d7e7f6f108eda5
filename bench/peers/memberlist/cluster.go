// The nodes, and what may be done to them: start, kill, leave, new metadata, and back again.
package main

import (
	"fmt"
	"log"
	"math/rand"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/memberlist"
)

const (
	metaBytes = 32
	// most is how long anything may take before it counts as never.
	most = 60 * time.Second
)

type node struct {
	index    int
	port     int
	observer *observer
	list     *memberlist.Memberlist
}

type cluster struct {
	wire    *wire
	watch   *watch
	streams bool
	nodes   []*node
	// away is the node that was killed or has left.
	away *node
}

// took answers in milliseconds; Ms is nil for never, and then Views says how many had come so far.
type took struct {
	Ms        *float64 `json:"ms"`
	FirstMs   float64  `json:"firstMs"`
	SuspectMs float64  `json:"suspectMs"`
	Views     int      `json:"views"`
}

func newCluster(size int, streams bool) *cluster {
	c := &cluster{wire: &wire{}, watch: newWatch(), streams: streams}
	for i := 0; i < size; i++ {
		c.nodes = append(c.nodes, &node{index: i})
	}
	return c
}

func nameOf(index int) string { return fmt.Sprintf("node-%03d", index) }

func indexOf(name string) int {
	index, err := strconv.Atoi(name[len("node-"):])
	if err != nil {
		fail(err)
	}
	return index
}

func metaOf(index, version int) []byte {
	return []byte(fmt.Sprintf("%-*s", metaBytes, fmt.Sprintf("%d.%d", index, version)))
}

func (c *cluster) run(n *node) error {
	transport, err := newWired(c.wire, n.port)
	if err != nil {
		return err
	}
	n.port = transport.GetAutoBindPort()
	n.observer = &observer{watch: c.watch, index: n.index, meta: metaOf(n.index, 0)}
	config := memberlist.DefaultLANConfig()
	config.Name = nameOf(n.index)
	config.Transport = transport
	config.ProbeInterval = 200 * time.Millisecond
	config.ProbeTimeout = 100 * time.Millisecond
	// Here it would only cost time: memberlist compresses each packet, and rarely makes one smaller.
	config.EnableCompression = false
	config.DisableTcpPings = !c.streams
	config.Delegate, config.Events = n.observer, n.observer
	config.Logger = log.New(n.observer, "", 0)
	n.list, err = memberlist.Create(config)
	return err
}

// start brings the first node up and then all others, which join it: at once, or one after the other with a gap.
func (c *cluster) start(gap time.Duration) took {
	if err := c.run(c.nodes[0]); err != nil {
		fail(err)
	}
	began := time.Now()
	var joins sync.WaitGroup
	for _, each := range c.nodes[1:] {
		joins.Add(1)
		go func(n *node) {
			defer joins.Done()
			c.join(n)
		}(each)
		time.Sleep(gap)
	}
	joins.Wait()
	return c.untilComplete(began)
}

// join tries until the first node answers: under a burst it refuses some.
func (c *cluster) join(n *node) {
	if err := c.run(n); err != nil {
		fail(err)
	}
	seed := fmt.Sprintf("127.0.0.1:%d", c.nodes[0].port)
	for began := time.Now(); time.Since(began) < most; {
		if _, err := n.list.Join([]string{seed}); err == nil {
			return
		}
	}
}

func (c *cluster) untilComplete(began time.Time) took {
	for time.Since(began) < most {
		if views := c.watch.complete(len(c.nodes)); views == len(c.nodes) {
			ms := msSince(began)
			return took{Ms: &ms, Views: views}
		}
		time.Sleep(time.Millisecond)
	}
	return took{Views: c.watch.complete(len(c.nodes))}
}

type traffic struct {
	Packets     int64 `json:"packets"`
	Bytes       int64 `json:"bytes"`
	Suspicions  int   `json:"suspicions"`
	DeadViews   int   `json:"deadViews"`
	DeadMembers int   `json:"deadMembers"`
}

func (c *cluster) traffic() traffic {
	w := c.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	return traffic{c.wire.packets.Load(), c.wire.bytes.Load(), w.suspicions, w.deadViews, len(w.deadMembers)}
}

// drawn is any node but the first one, which the others come back through.
func (c *cluster) drawn() *node { return c.nodes[1+rand.Intn(len(c.nodes)-1)] }

// observe asks all others about a node, does something to it, and waits for what they say.
func (c *cluster) observe(n *node, awaited change, do func()) took {
	q := c.watch.ask(n.index, awaited, len(c.nodes)-1)
	done := make(chan struct{})
	go func() { do(); close(done) }()
	isAnswered := q.wait(most)
	<-done
	c.watch.mu.Lock()
	defer c.watch.mu.Unlock()
	c.watch.question = nil
	answer := took{FirstMs: inMs(q.first), SuspectMs: inMs(q.suspectedAt), Views: len(q.said)}
	if isAnswered {
		last := inMs(q.last)
		answer.Ms = &last
	}
	return answer
}

// kill closes the sockets and says nothing.
func (c *cluster) kill() took {
	c.away = c.drawn()
	return c.observe(c.away, gone, func() { check(c.end(c.away).Shutdown()) })
}

func (c *cluster) leave() took {
	c.away = c.drawn()
	defer func() { check(c.away.list.Shutdown()) }()
	return c.observe(c.away, gone, func() { check(c.end(c.away).Leave(most)) })
}

// end takes a node out of those that count.
func (c *cluster) end(n *node) *memberlist.Memberlist {
	n.observer.over.Store(true)
	c.watch.forget(n.index)
	return n.list
}

func (c *cluster) tag() took {
	n := c.drawn()
	n.observer.retag(metaOf(n.index, 1+rand.Intn(1e6)))
	return c.observe(n, retagged, func() { check(n.list.UpdateNode(most)) })
}

// comeBack starts the node that is away under its name and port.
func (c *cluster) comeBack() took {
	began := time.Now()
	c.join(c.away)
	return c.untilComplete(began)
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func inMs(d time.Duration) float64    { return float64(d) / float64(time.Millisecond) }
func msSince(began time.Time) float64 { return inMs(time.Since(began)) }
