// A Loom-shaped gRPC server for comparing load generators: fast, or with a service time of base + U(0, jitter),
// and with its own account of each call, so that a client's percentiles can be held against what really happened.
// It keeps messages as bytes: encoding is not what is compared here.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"sort"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/protobuf/encoding/protowire"
)

type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (rawCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}

// account keeps the server-side duration of each call, up to a bound, from the handler's entry to its return.
type account struct {
	mu         sync.Mutex
	durationUs []int64
	calls      int64
}

const maxDurations = 5_000_000

func (a *account) add(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls++
	if len(a.durationUs) < maxDurations {
		a.durationUs = append(a.durationUs, d.Microseconds())
	}
}

func (a *account) print() {
	a.mu.Lock()
	defer a.mu.Unlock()
	sort.Slice(a.durationUs, func(i, j int) bool { return a.durationUs[i] < a.durationUs[j] })
	out := map[string]any{"calls": a.calls}
	if n := len(a.durationUs); n > 0 {
		out["p50_us"] = a.durationUs[(n*50+99)/100-1]
		out["p99_us"] = a.durationUs[(n*99+99)/100-1]
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Print(err)
	}
}

type server struct {
	base, jitter   time.Duration
	streamMessages int
	answer         []byte
	progress       [][]byte
	account        *account
}

func (s *server) wait() {
	if s.base == 0 && s.jitter == 0 {
		return
	}
	d := s.base
	if s.jitter > 0 {
		d += time.Duration(rand.Int64N(int64(s.jitter)))
	}
	time.Sleep(d)
}

func (s *server) weave() (any, error) {
	if s.base == 0 && s.jitter == 0 {
		return &s.answer, nil
	}
	startedAt := time.Now()
	s.wait()
	s.account.add(time.Since(startedAt))
	return &s.answer, nil
}

func (s *server) streamWeave(stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	s.wait()
	for i := range s.progress {
		if err := stream.SendMsg(&s.progress[i]); err != nil {
			return err
		}
	}
	return nil
}

func text(b []byte, field protowire.Number, value string) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return protowire.AppendString(b, value)
}

func number(b []byte, field protowire.Number, value uint64) []byte {
	b = protowire.AppendTag(b, field, protowire.VarintType)
	return protowire.AppendVarint(b, value)
}

func answerBytes() []byte {
	cost := number(nil, 1, 150)
	cost = number(cost, 2, 50)
	cost = number(cost, 3, 100)
	wrapped := protowire.AppendTag(nil, 2, protowire.BytesType)
	wrapped = protowire.AppendBytes(wrapped, cost)
	b := text(nil, 1, "an answer of a few words")
	b = text(b, 3, "sess_00000001")
	b = protowire.AppendTag(b, 5, protowire.BytesType)
	return protowire.AppendBytes(b, wrapped)
}

func progressBytes(messages int) [][]byte {
	const generation, completed = 3, 7
	out := make([][]byte, 0, messages)
	content := ""
	for i := 1; i < messages; i++ {
		content += "ten chars "
		b := number(nil, 1, generation)
		b = number(b, 2, 50)
		b = text(b, 8, content)
		b = number(b, 9, 1)
		out = append(out, number(b, 10, uint64(i)))
	}
	b := number(nil, 1, completed)
	b = number(b, 2, 100)
	return append(out, text(b, 8, content))
}

func serviceDesc(s *server) *grpc.ServiceDesc {
	return &grpc.ServiceDesc{
		ServiceName: "loom.v1.LoomService",
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{
			MethodName: "Weave",
			Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
				var request []byte
				if err := decode(&request); err != nil {
					return nil, err
				}
				return s.weave()
			},
		}},
		Streams: []grpc.StreamDesc{{
			StreamName:    "StreamWeave",
			ServerStreams: true,
			Handler:       func(_ any, stream grpc.ServerStream) error { return s.streamWeave(stream) },
		}},
	}
}

func main() {
	address := flag.String("address", "127.0.0.1:0", "where to listen")
	base := flag.Duration("base", 0, "service time of every call")
	jitter := flag.Duration("jitter", 0, "added: uniform in [0, jitter)")
	messages := flag.Int("stream-messages", 10, "messages of a StreamWeave answer, the last one COMPLETED")
	flag.Parse()

	encoding.RegisterCodec(rawCodec{})
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	s := &server{base: *base, jitter: *jitter, answer: answerBytes(), progress: progressBytes(*messages), account: &account{}}
	g := grpc.NewServer()
	g.RegisterService(serviceDesc(s), nil)
	go func() {
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
		<-stop
		g.Stop()
	}()
	fmt.Println(listener.Addr().String())
	if err := g.Serve(listener); err != nil {
		log.Fatal(err)
	}
	s.account.print()
}
