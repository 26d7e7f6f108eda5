// What the nodes say of each other, by memberlist's events and, where it has none, by the lines of its log.
package main

import (
	"bytes"
	"io"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/memberlist"
)

// change is what one node, the observer, says of another one, the subject.
type change int

const (
	joined    change = iota // it is here
	gone                    // it is dead or has left
	retagged                // its metadata changed
	suspected               // the observer's own probe of it failed
)

var silent = log.New(io.Discard, "", 0)

// watch keeps how many members each node knows, what was said without cause, and the answer to one question at a time.
type watch struct {
	mu          sync.Mutex
	known       map[int]int // by observer, itself included
	suspicions  int
	deadViews   int
	deadMembers map[int]bool
	question    *question
}

// question is about one subject: when the first and the last observer said so.
type question struct {
	began       time.Time
	subject     int
	awaited     change
	observers   int
	said        map[int]bool
	first, last time.Duration
	suspectedAt time.Duration
	answered    chan struct{}
}

func newWatch() *watch {
	return &watch{known: map[int]int{}, deadMembers: map[int]bool{}}
}

func (w *watch) forgetHarm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.suspicions, w.deadViews, w.deadMembers = 0, 0, map[int]bool{}
}

// ask begins to watch; what is then done to the subject is timed from `began`.
func (w *watch) ask(subject int, awaited change, observers int) *question {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.question = &question{
		began:     time.Now(),
		subject:   subject,
		awaited:   awaited,
		observers: observers,
		said:      map[int]bool{},
		answered:  make(chan struct{}),
	}
	return w.question
}

func (w *watch) say(observer, subject int, what change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	q := w.question
	isAsked := q != nil && q.subject == subject && observer != subject
	switch what {
	case joined:
		w.known[observer]++
	case gone:
		w.known[observer]--
		if !isAsked {
			w.deadViews++
			w.deadMembers[subject] = true
		}
	case suspected:
		if !isAsked {
			w.suspicions++
		} else if q.suspectedAt == 0 {
			q.suspectedAt = time.Since(q.began)
		}
	}
	if isAsked && what == q.awaited {
		q.take(observer)
	}
}

func (q *question) take(observer int) {
	if q.said[observer] {
		return
	}
	q.said[observer] = true
	q.last = time.Since(q.began)
	if len(q.said) == 1 {
		q.first = q.last
	}
	if len(q.said) == q.observers {
		close(q.answered)
	}
}

// wait is false when the observers did not all say so within the time.
func (q *question) wait(most time.Duration) bool {
	select {
	case <-q.answered:
		return true
	case <-time.After(most):
		return false
	}
}

// forget drops what a node knew that is about to stop.
func (w *watch) forget(observer int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.known, observer)
}

// complete tells how many nodes know `size` members.
func (w *watch) complete(size int) (count int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, known := range w.known {
		if known == size {
			count++
		}
	}
	return count
}

// observer is one node as memberlist's delegate for events and for its own metadata, and as the writer of its log.
type observer struct {
	watch *watch
	index int
	mu    sync.Mutex
	meta  []byte
	// over: it is about to stop, and what its goroutines say from then on is nothing that anybody saw.
	over atomic.Bool
}

func (o *observer) say(subject string, what change) {
	if !o.over.Load() {
		o.watch.say(o.index, indexOf(subject), what)
	}
}

func (o *observer) NotifyJoin(n *memberlist.Node)   { o.say(n.Name, joined) }
func (o *observer) NotifyLeave(n *memberlist.Node)  { o.say(n.Name, gone) }
func (o *observer) NotifyUpdate(n *memberlist.Node) { o.say(n.Name, retagged) }

func (o *observer) retag(meta []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.meta = meta
}

func (o *observer) NodeMeta(int) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.meta
}
func (o *observer) NotifyMsg([]byte)                {}
func (o *observer) GetBroadcasts(int, int) [][]byte { return nil }
func (o *observer) LocalState(bool) []byte          { return nil }
func (o *observer) MergeRemoteState([]byte, bool)   {}

var suspectLine = []byte("[INFO] memberlist: Suspect ")

func (o *observer) Write(line []byte) (int, error) {
	if bytes.HasPrefix(line, suspectLine) {
		name, _, _ := bytes.Cut(line[len(suspectLine):], []byte(" "))
		o.say(string(name), suspected)
	}
	return len(line), nil
}
