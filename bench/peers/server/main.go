// Loom-shaped servers for comparing load generators, made so that the generator and not the server is what is measured:
// "frames" answers in about a microsecond and in batches; "grpc" is grpc-go, fast or with a service time of
// base + U(0, jitter), with its own account of each call, so that a client's percentiles can be held against what
// really happened. Both keep messages as bytes: encoding is not what is compared here.
// It ends with its standard input, so that none is left behind when whoever started it dies.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
)

type target interface {
	serve(listener net.Listener) error
	stop()
	account() map[string]any
}

func main() {
	address := flag.String("address", "127.0.0.1:0", "where to listen")
	kind := flag.String("kind", "grpc", "grpc: grpc-go; frames: frames in, prepared frames out")
	base := flag.Duration("base", 0, "service time of every call (grpc only)")
	jitter := flag.Duration("jitter", 0, "added: uniform in [0, jitter) (grpc only)")
	messages := flag.Int("stream-messages", 10, "messages of a StreamWeave answer, the last one COMPLETED")
	skip := flag.Int64("skip", 0, "calls at the start that the account leaves out (grpc only)")
	flag.Parse()

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	var t target
	switch *kind {
	case "grpc":
		t = newGrpcTarget(*base, *jitter, *messages, *skip)
	case "frames":
		t = newFramesTarget(*messages)
	default:
		log.Fatalf("no kind of server is called %q", *kind)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		t.stop()
		_ = listener.Close()
	}()
	fmt.Println(listener.Addr().String())
	if err := t.serve(listener); err != nil {
		log.Fatal(err)
	}
	printJSON(t.account())
}
