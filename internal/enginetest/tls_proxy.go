package enginetest

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
)

// TLSProxy listens with TLS, as an engine on another machine does, and forwards everything to an engine of
// this one. It returns its address and ends with the test.
func TLSProxy(t testing.TB, engine string, config *tls.Config) string {
	t.Helper()
	network, at, _ := strings.Cut(engine, "://")
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			go pass(conn, network, at)
		}
	}()
	return "tcp://" + l.Addr().String()
}

func pass(conn net.Conn, network, at string) {
	defer conn.Close()
	to, err := net.Dial(network, at)
	if err != nil {
		return
	}
	defer to.Close()
	go io.Copy(to, conn)
	io.Copy(conn, to)
}
