package main

import (
	"context"
	"math/rand/v2"
	"net"
	"sort"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
)

type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (rawCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}

// stamps keeps the server-side duration of each call, up to a bound, from the handler's entry to its return; not of the
// first `skip` ones, with which a client warms itself up.
type stamps struct {
	mu         sync.Mutex
	durationUs []int64
	calls      int64
	skip       int64
}

const maxDurations = 5_000_000

func (s *stamps) add(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.calls <= s.skip {
		return
	}
	if len(s.durationUs) < maxDurations {
		s.durationUs = append(s.durationUs, d.Microseconds())
	}
}

func (s *stamps) summary() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	sort.Slice(s.durationUs, func(i, j int) bool { return s.durationUs[i] < s.durationUs[j] })
	out := map[string]any{"calls": max(s.calls-s.skip, 0)}
	if n := len(s.durationUs); n > 0 {
		out["p50Us"] = s.durationUs[(n*50+99)/100-1]
		out["p99Us"] = s.durationUs[(n*99+99)/100-1]
	}
	return out
}

type grpcTarget struct {
	base, jitter time.Duration
	answer       []byte
	progress     [][]byte
	stamps       stamps
	server       *grpc.Server
}

func newGrpcTarget(base, jitter time.Duration, messages int, skip int64) *grpcTarget {
	encoding.RegisterCodec(rawCodec{})
	t := &grpcTarget{base: base, jitter: jitter, answer: answerBytes(), progress: progressBytes(messages), stamps: stamps{skip: skip}}
	t.server = grpc.NewServer()
	t.server.RegisterService(t.weaveService(), nil)
	t.server.RegisterService(t.pingService(), nil)
	return t
}

func (t *grpcTarget) serve(listener net.Listener) error { return t.server.Serve(listener) }

func (t *grpcTarget) stop() { t.server.Stop() }

func (t *grpcTarget) account() map[string]any { return t.stamps.summary() }

func (t *grpcTarget) delayed() bool { return t.base > 0 || t.jitter > 0 }

func (t *grpcTarget) wait() {
	d := t.base
	if t.jitter > 0 {
		d += time.Duration(rand.Int64N(int64(t.jitter)))
	}
	time.Sleep(d)
}

// timed waits out the service time; only then is stamping cheap beside what is stamped.
func (t *grpcTarget) timed(answer *[]byte) (any, error) {
	if t.delayed() {
		startedAt := time.Now()
		t.wait()
		t.stamps.add(time.Since(startedAt))
	}
	return answer, nil
}

func (t *grpcTarget) streamWeave(stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	if t.delayed() {
		t.wait()
	}
	for i := range t.progress {
		if err := stream.SendMsg(&t.progress[i]); err != nil {
			return err
		}
	}
	return nil
}

// unary answers each request with what `answer` makes of its bytes.
func (t *grpcTarget) unary(name string, answer func(request []byte) *[]byte) grpc.MethodDesc {
	return grpc.MethodDesc{
		MethodName: name,
		Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request []byte
			if err := decode(&request); err != nil {
				return nil, err
			}
			return t.timed(answer(request))
		},
	}
}

func (t *grpcTarget) weaveService() *grpc.ServiceDesc {
	return &grpc.ServiceDesc{
		ServiceName: "loom.v1.LoomService",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{t.unary("Weave", func([]byte) *[]byte { return &t.answer })},
		Streams: []grpc.StreamDesc{{
			StreamName:    "StreamWeave",
			ServerStreams: true,
			Handler:       func(_ any, stream grpc.ServerStream) error { return t.streamWeave(stream) },
		}},
	}
}

// pingService is fortio's own service: the answer to a ping is the ping.
func (t *grpcTarget) pingService() *grpc.ServiceDesc {
	echo := func(request []byte) *[]byte { return &request }
	return &grpc.ServiceDesc{
		ServiceName: "fgrpc.PingServer",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{t.unary("Ping", echo)},
	}
}
