package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// framesTarget answers requests with frames made ahead: no handler, no goroutine, no message per call. All requests of
// one read are answered with one write, so that a client meets as many answers at a time as it can keep in flight.
type framesTarget struct {
	weave, stream, ping, unknown prepared
	listener                     net.Listener
	stopped                      atomic.Bool
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
		weave:   answerOf([][]byte{answerBytes()}, "0"),
		stream:  answerOf(progressBytes(messages), "0"),
		ping:    answerOf([][]byte{nil}, "0"),
		unknown: answerOf(nil, "12"),
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
	p.bytes = append(appendHeader(p.bytes, size, kind, flags, 0), payload...)
	if kind == http2.FrameData {
		p.dataBytes += int64(size)
	}
}

func appendHeader(out []byte, size int, kind http2.FrameType, flags http2.Flags, stream uint32) []byte {
	out = append(out, byte(size>>16), byte(size>>8), byte(size), byte(kind), byte(flags))
	return binary.BigEndian.AppendUint32(out, stream)
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
	t.listener = listener
	for {
		conn, err := listener.Accept()
		if err != nil {
			if t.stopped.Load() {
				return nil
			}
			return err
		}
		go t.serveConnection(conn)
	}
}

// stop ends serve; connections end with the process.
func (t *framesTarget) stop() {
	t.stopped.Store(true)
	_ = t.listener.Close()
}

func (t *framesTarget) account() map[string]any { return map[string]any{} }

// serveConnection reads in a thread of its own that blocks in the kernel: waking a goroutine through Go's poller costs
// more than all the work of a call.
func (t *framesTarget) serveConnection(conn net.Conn) {
	file, err := conn.(*net.TCPConn).File()
	_ = conn.Close()
	if err != nil {
		return
	}
	defer file.Close()
	fd := int(file.Fd())
	c := newFramesConnection(t)
	bytes := make([]byte, 1<<18)
	have := 0
	for {
		if writeAll(fd, c.takeOutput()) != nil {
			return
		}
		n, err := syscall.Read(fd, bytes[have:])
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			return
		}
		have += n
		used, err := c.receive(bytes[:have])
		if err != nil {
			return
		}
		have = copy(bytes, bytes[used:have])
	}
}

func writeAll(fd int, bytes []byte) error {
	for len(bytes) > 0 {
		n, err := syscall.Write(fd, bytes)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		bytes = bytes[n:]
	}
	return nil
}

type request struct {
	stream uint32
	answer *prepared
}

type framesConnection struct {
	target  *framesTarget
	paths   *pathReader
	out     []byte
	greeted bool
	// Answers chosen by a request's headers, given at its end; the last stream is nearly always the one that ends.
	last request
	open map[uint32]*prepared
	// Answers for which the client's connection window has no room, in order. Its windows per stream (64 KiB or more)
	// hold any answer whole.
	waiting    []request
	sendWindow int64
	// Request bytes not given back to the client's window yet.
	consumed uint32
}

const (
	frameHeaderBytes = 9
	giveBackAt       = 16 << 10
)

func newFramesConnection(t *framesTarget) *framesConnection {
	c := &framesConnection{target: t, paths: newPathReader(), open: map[uint32]*prepared{}, sendWindow: 65535}
	var greeting bytes.Buffer
	framer := http2.NewFramer(&greeting, nil)
	_ = framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 20})
	_ = framer.WriteWindowUpdate(0, 1<<24)
	c.out = greeting.Bytes()
	return c
}

// takeOutput is all that one read led to; valid until the next receive.
func (c *framesConnection) takeOutput() []byte {
	if c.consumed >= giveBackAt {
		c.out = binary.BigEndian.AppendUint32(appendHeader(c.out, 4, http2.FrameWindowUpdate, 0, 0), c.consumed)
		c.consumed = 0
	}
	out := c.out
	c.out = c.out[:0]
	return out
}

// receive takes all whole frames and says how many bytes they were. Its errors end the connection.
func (c *framesConnection) receive(bytes []byte) (int, error) {
	at := 0
	if !c.greeted {
		if len(bytes) < len(http2.ClientPreface) {
			return 0, nil
		}
		if string(bytes[:len(http2.ClientPreface)]) != http2.ClientPreface {
			return 0, errors.New("no HTTP/2")
		}
		c.greeted = true
		at = len(http2.ClientPreface)
	}
	for len(bytes)-at >= frameHeaderBytes {
		head := bytes[at : at+frameHeaderBytes]
		end := at + frameHeaderBytes + int(head[0])<<16 + int(head[1])<<8 + int(head[2])
		if end > len(bytes) {
			break
		}
		stream := binary.BigEndian.Uint32(head[5:]) & 0x7fffffff
		if err := c.onFrame(http2.FrameType(head[3]), http2.Flags(head[4]), stream, bytes[at+frameHeaderBytes:end]); err != nil {
			return 0, err
		}
		at = end
	}
	return at, nil
}

// onFrame: load generators send neither padding nor priorities nor continued headers.
func (c *framesConnection) onFrame(kind http2.FrameType, flags http2.Flags, stream uint32, payload []byte) error {
	switch kind {
	case http2.FrameHeaders:
		if flags&(http2.FlagHeadersPadded|http2.FlagHeadersPriority) != 0 || flags&http2.FlagHeadersEndHeaders == 0 {
			return errors.New("padded, prioritised or continued headers")
		}
		path, err := c.paths.path(payload)
		if err != nil {
			return err
		}
		c.begin(request{stream, c.target.answerFor(path)})
		if flags&http2.FlagHeadersEndStream != 0 {
			c.end(stream)
		}
	case http2.FrameData:
		c.consumed += uint32(len(payload))
		if flags&http2.FlagDataEndStream != 0 {
			c.end(stream)
		}
	case http2.FrameWindowUpdate:
		if stream == 0 && len(payload) == 4 {
			c.sendWindow += int64(binary.BigEndian.Uint32(payload) & 0x7fffffff)
			c.answerWaiting()
		}
	case http2.FrameSettings:
		if flags&http2.FlagSettingsAck == 0 {
			c.out = appendHeader(c.out, 0, kind, http2.FlagSettingsAck, 0)
		}
	case http2.FramePing:
		if flags&http2.FlagPingAck == 0 {
			c.out = append(appendHeader(c.out, len(payload), kind, http2.FlagPingAck, 0), payload...)
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

func (c *framesConnection) begin(next request) {
	if c.last.answer != nil {
		c.open[c.last.stream] = c.last.answer
	}
	c.last = next
}

func (c *framesConnection) end(stream uint32) {
	ended := c.last
	if ended.answer != nil && ended.stream == stream {
		c.last = request{}
	} else {
		ended = request{stream, c.open[stream]}
		delete(c.open, stream)
	}
	if ended.answer == nil {
		return
	}
	if len(c.waiting) == 0 && ended.answer.dataBytes <= c.sendWindow {
		c.give(ended)
	} else {
		c.waiting = append(c.waiting, ended)
	}
}

func (c *framesConnection) give(ended request) {
	c.sendWindow -= ended.answer.dataBytes
	c.out = ended.answer.appendTo(c.out, ended.stream)
}

func (c *framesConnection) answerWaiting() {
	given := 0
	for _, next := range c.waiting {
		if next.answer.dataBytes > c.sendWindow {
			break
		}
		c.give(next)
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
