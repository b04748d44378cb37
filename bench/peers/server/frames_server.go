package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// framesTarget answers requests with frames made ahead: no handler, no goroutine, no message per call. All requests of
// one read are answered with one write, so that a client meets as many answers at a time as it can keep in flight.
type framesTarget struct {
	weave, stream, ping, unknown prepared
	mu                           sync.Mutex
	listener                     net.Listener
	connections                  map[net.Conn]bool
	stopped                      bool
}

// prepared is an answer of whole frames; the stream's id goes in where ids says.
type prepared struct {
	bytes []byte
	ids   []int
	// What of it counts against the client's windows.
	dataBytes int64
}

func newFramesTarget(messages int) *framesTarget {
	return &framesTarget{
		weave:       answerOf([][]byte{answerBytes()}, "0"),
		stream:      answerOf(progressBytes(messages), "0"),
		ping:        answerOf([][]byte{nil}, "0"),
		unknown:     answerOf(nil, "12"),
		connections: map[net.Conn]bool{},
	}
}

// answerOf makes the frames of an answer: header blocks are literals, so that they carry no state of the connection.
func answerOf(messages [][]byte, status string) prepared {
	head := append([]byte{0x88}, literal("content-type", "application/grpc")...)
	trailers := literal("grpc-status", status)
	if len(messages) == 0 {
		var p prepared
		p.frame(http2.FrameHeaders, http2.FlagHeadersEndHeaders|http2.FlagHeadersEndStream, append(head, trailers...))
		return p
	}
	var p prepared
	p.frame(http2.FrameHeaders, http2.FlagHeadersEndHeaders, head)
	for _, message := range messages {
		body := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
		p.frame(http2.FrameData, 0, append(body, message...))
	}
	p.frame(http2.FrameHeaders, http2.FlagHeadersEndHeaders|http2.FlagHeadersEndStream, trailers)
	return p
}

func literal(name, value string) []byte {
	b := append([]byte{0, byte(len(name))}, name...)
	return append(append(b, byte(len(value))), value...)
}

func (p *prepared) frame(kind http2.FrameType, flags http2.Flags, payload []byte) {
	size := len(payload)
	p.ids = append(p.ids, len(p.bytes)+5)
	p.bytes = append(p.bytes, byte(size>>16), byte(size>>8), byte(size), byte(kind), byte(flags), 0, 0, 0, 0)
	p.bytes = append(p.bytes, payload...)
	if kind == http2.FrameData {
		p.dataBytes += int64(size)
	}
}

func (p *prepared) appendTo(out []byte, stream uint32) []byte {
	start := len(out)
	out = append(out, p.bytes...)
	for _, at := range p.ids {
		binary.BigEndian.PutUint32(out[start+at:], stream)
	}
	return out
}

func (t *framesTarget) serve(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.stopped {
				return nil
			}
			return err
		}
		t.mu.Lock()
		t.connections[conn] = true
		t.mu.Unlock()
		go t.serveConnection(conn)
	}
}

func (t *framesTarget) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	for conn := range t.connections {
		_ = conn.Close()
	}
}

func (t *framesTarget) account() map[string]any { return map[string]any{} }

func (t *framesTarget) serveConnection(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		t.mu.Lock()
		delete(t.connections, conn)
		t.mu.Unlock()
	}()
	reader := bufio.NewReaderSize(conn, 1<<18)
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(reader, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	c := newFramesConnection(t, conn, reader)
	for c.step() == nil {
		if reader.Buffered() == 0 && c.flush() != nil {
			return
		}
	}
}

type request struct {
	stream uint32
	answer *prepared
}

type framesConnection struct {
	target *framesTarget
	conn   net.Conn
	framer *http2.Framer
	paths  *pathReader
	out    []byte
	// Control frames that are not worth writing by hand.
	control bytes.Buffer
	// Answers chosen by a request's headers, given at its end.
	open map[uint32]*prepared
	// Answers for which the client's connection window has no room, in order. Its windows per stream (64 KiB or more)
	// hold any answer whole.
	waiting    []request
	sendWindow int64
	// Request bytes not given back to the client's window yet.
	consumed uint32
}

const giveBackAt = 16 << 10

func newFramesConnection(t *framesTarget, conn net.Conn, reader io.Reader) *framesConnection {
	c := &framesConnection{target: t, conn: conn, paths: newPathReader(), open: map[uint32]*prepared{}, sendWindow: 65535}
	c.framer = http2.NewFramer(&c.control, reader)
	c.framer.SetReuseFrames()
	_ = c.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 20})
	_ = c.framer.WriteWindowUpdate(0, 1<<24)
	c.takeControl()
	return c
}

func (c *framesConnection) takeControl() {
	c.out = append(c.out, c.control.Bytes()...)
	c.control.Reset()
}

func (c *framesConnection) flush() error {
	if c.consumed >= giveBackAt {
		_ = c.framer.WriteWindowUpdate(0, c.consumed)
		c.takeControl()
		c.consumed = 0
	}
	if len(c.out) == 0 {
		return nil
	}
	_, err := c.conn.Write(c.out)
	c.out = c.out[:0]
	return err
}

// step takes one frame. Its errors end the connection.
func (c *framesConnection) step() error {
	frame, err := c.framer.ReadFrame()
	if err != nil {
		return err
	}
	switch frame := frame.(type) {
	case *http2.HeadersFrame:
		path, err := c.paths.path(frame.HeaderBlockFragment())
		if err != nil {
			return err
		}
		c.open[frame.StreamID] = c.target.answerFor(path)
		if frame.StreamEnded() {
			c.answer(frame.StreamID)
		}
	case *http2.DataFrame:
		c.consumed += frame.Length
		if frame.StreamEnded() {
			c.answer(frame.StreamID)
		}
	case *http2.WindowUpdateFrame:
		if frame.StreamID == 0 {
			c.sendWindow += int64(frame.Increment)
			c.answerWaiting()
		}
	case *http2.SettingsFrame:
		if !frame.IsAck() {
			_ = c.framer.WriteSettingsAck()
			c.takeControl()
		}
	case *http2.PingFrame:
		if !frame.IsAck() {
			_ = c.framer.WritePing(true, frame.Data)
			c.takeControl()
		}
	}
	return nil
}

func (t *framesTarget) answerFor(path string) *prepared {
	switch {
	case strings.HasSuffix(path, "/StreamWeave"):
		return &t.stream
	case strings.HasSuffix(path, "/Weave"):
		return &t.weave
	case strings.HasSuffix(path, "/Ping"):
		return &t.ping
	default:
		return &t.unknown
	}
}

func (c *framesConnection) answer(stream uint32) {
	answer, isOpen := c.open[stream]
	if !isOpen {
		return
	}
	delete(c.open, stream)
	c.waiting = append(c.waiting, request{stream, answer})
	c.answerWaiting()
}

func (c *framesConnection) answerWaiting() {
	given := 0
	for _, next := range c.waiting {
		if next.answer.dataBytes > c.sendWindow {
			break
		}
		c.sendWindow -= next.answer.dataBytes
		c.out = next.answer.appendTo(c.out, next.stream)
		given++
	}
	c.waiting = append(c.waiting[:0], c.waiting[given:]...)
}

// pathReader finds :path in header blocks. A block of nothing but indexed fields changes no state: it says what the
// same bytes said before, unless a block between them changed the table.
type pathReader struct {
	decoder  *hpack.Decoder
	found    string
	lastPath string
	last     []byte
}

func newPathReader() *pathReader {
	r := &pathReader{}
	r.decoder = hpack.NewDecoder(4096, func(field hpack.HeaderField) {
		if field.Name == ":path" {
			r.found = field.Value
		}
	})
	return r
}

func (r *pathReader) path(block []byte) (string, error) {
	if len(r.last) > 0 && bytes.Equal(block, r.last) {
		return r.lastPath, nil
	}
	r.found = ""
	if _, err := r.decoder.Write(block); err != nil {
		return "", err
	}
	if err := r.decoder.Close(); err != nil {
		return "", err
	}
	r.last = r.last[:0]
	if indexedOnly(block) {
		r.last = append(r.last, block...)
		r.lastPath = r.found
	}
	return r.found, nil
}

// indexedOnly: every field is one byte that names an entry of a table.
func indexedOnly(block []byte) bool {
	for _, b := range block {
		if b&0x80 == 0 || b == 0xff {
			return false
		}
	}
	return true
}
