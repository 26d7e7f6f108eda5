// Memberlist nodes of one process on loopback, driven by commands: a JSON object a line on stdin, answered by one on stdout.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// command is what the bench asks for; ../protocol.ts says what each one means, and what it answers.
type command struct {
	Do      string  `json:"do"`
	Nodes   int     `json:"nodes"`
	GapMs   float64 `json:"gapMs"`
	Streams bool    `json:"streams"`
	Rate    float64 `json:"rate"`
	// base64 in JSON.
	Packet []byte   `json:"packet"`
	Known  [][]byte `json:"known"`
	Times  int      `json:"times"`
}

func main() {
	nodes := newCluster(0, true)
	var handler *handler
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	// The end of stdin is the end of the bench: nothing outlives it.
	for lines.Scan() {
		var asked command
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fail(err)
		}
		var answer any = struct{}{}
		switch asked.Do {
		case "start":
			nodes = newCluster(asked.Nodes, asked.Streams)
			answer = nodes.start(time.Duration(asked.GapMs * float64(time.Millisecond)))
		case "traffic":
			answer = nodes.traffic()
		case "loss":
			nodes.wire.setLoss(asked.Rate)
			nodes.watch.forgetHarm()
		case "kill":
			answer = nodes.kill()
		case "leave":
			answer = nodes.leave()
		case "tag":
			answer = nodes.tag()
		case "return":
			answer = nodes.comeBack()
		case "known":
			handler = newHandler(asked.Known)
		case "handle":
			answer = handler.handle(asked.Packet, asked.Times)
		default:
			fail(fmt.Errorf("unknown command: %q", asked.Do))
		}
		if err := answers.Encode(answer); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(1)
}
