package packagetest

import (
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options are what a registry does besides serving packages.
type Options struct {
	// Accepts are the values of the header Authorization that it accepts, as Basic and Bearer return them. Without
	// any it is open.
	Accepts []string
	// TLS makes it speak https with a certificate of its own; see Server.Authority. The go command sends
	// credentials only so.
	TLS bool
	// Listen is the address to listen at, "127.0.0.1:0" if empty. A container reaches one at the gateway of its
	// network.
	Listen string
}

// Basic returns the header Authorization with a user and a password.
func Basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// Bearer returns the header Authorization with a token.
func Bearer(token string) string { return "Bearer " + token }

// A Request is what a registry was asked, and its answer.
type Request struct {
	Method, Path, Authorization string
	Status                      int
}

// A Server is a registry that ends with the test.
type Server struct {
	// URL is its address without a slash at the end.
	URL string

	t        testing.TB
	protocol protocol
	options  Options
	address  string

	mu       sync.Mutex
	http     *httptest.Server
	packages []Package
	requests []Request
	stalled  string
	resumed  chan struct{}
}

// start starts a registry.
func start(t testing.TB, p protocol, o Options, packages []Package) *Server {
	t.Helper()
	s := &Server{t: t, protocol: p, options: o, packages: packages, address: o.Listen}
	if s.address == "" {
		s.address = "127.0.0.1:0"
	}
	s.Up()
	host, port, _ := net.SplitHostPort(s.address)
	if ip := net.ParseIP(host); ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	s.URL = s.scheme() + "://" + net.JoinHostPort(host, port)
	t.Cleanup(s.Down)
	return s
}

func (s *Server) scheme() string {
	if s.options.TLS {
		return "https"
	}
	return "http"
}

// Down makes the registry refuse connections.
func (s *Server) Down() {
	s.mu.Lock()
	h := s.http
	s.http = nil
	s.mu.Unlock()
	if h != nil {
		h.CloseClientConnections()
		h.Close()
	}
}

// Up makes a registry that is down listen again, at the same address.
func (s *Server) Up() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http != nil {
		return
	}
	l, err := listen(s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	h := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(s.serve),
		ErrorLog: log.New(io.Discard, "", 0)}}
	if s.options.TLS {
		h.TLS = certificateFor(s.t, l.Addr())
		h.StartTLS()
	} else {
		h.Start()
	}
	s.http, s.address = h, l.Addr().String()
}

// listen listens at an address, which may be in use for a moment.
func listen(address string) (l net.Listener, err error) {
	for range 50 {
		if l, err = net.Listen("tcp", address); err == nil {
			return l, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, err
}

// Authority returns a file with the certificate of a registry that speaks https, and "" for another.
func (s *Server) Authority() string {
	s.t.Helper()
	if !s.options.TLS {
		return ""
	}
	name := filepath.Join(s.t.TempDir(), "ca.pem")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: s.http.Certificate().Raw}
	if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return name
}

// Add adds packages. The last one of a name is its newest.
func (s *Server) Add(packages ...Package) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packages = append(slices.Clone(s.packages), packages...)
}

// Remove removes a version of a package.
func (s *Server) Remove(name, version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packages = slices.DeleteFunc(slices.Clone(s.packages), func(p Package) bool {
		return p.Name == name && p.Version == version
	})
}

// Stall makes requests with a text in their path wait until resume is called or the client gives up.
func (s *Server) Stall(text string) (resume func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stalled, s.resumed = text, make(chan struct{})
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stalled = ""
		close(s.resumed)
	})
}

// Requests returns what the registry was asked so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Count returns how many requests had a text in their path.
func (s *Server) Count(text string) (n int) {
	for _, r := range s.Requests() {
		if strings.Contains(r.Path, text) {
			n++
		}
	}
	return n
}

// serve answers a request and records it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	a, status := s.decide(r)
	s.wait(r, s.record(Request{r.Method, r.URL.Path, r.Header.Get("Authorization"), status}))
	switch status {
	case http.StatusOK:
		w.Header().Set("Content-Type", a.kind)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(a.body))
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="packages"`)
		fallthrough
	default:
		http.Error(w, http.StatusText(status), status)
	}
}

// record records a request and returns what it has to wait for, or nil.
func (s *Server) record(r Request) (resumed chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	if s.stalled == "" || !strings.Contains(r.Path, s.stalled) {
		return nil
	}
	return s.resumed
}

// wait returns when a request may be answered.
func (s *Server) wait(r *http.Request, resumed chan struct{}) {
	if resumed == nil {
		return
	}
	select {
	case <-resumed:
	case <-r.Context().Done():
	}
}

// decide returns the answer to a request and its status.
func (s *Server) decide(r *http.Request) (answer, int) {
	s.mu.Lock()
	all := s.packages
	s.mu.Unlock()
	if len(s.options.Accepts) > 0 && !slices.Contains(s.options.Accepts, r.Header.Get("Authorization")) {
		return answer{}, http.StatusUnauthorized
	}
	a, found := s.protocol(all, s.scheme()+"://"+r.Host, r)
	if !found {
		return answer{}, http.StatusNotFound
	}
	return a, http.StatusOK
}
