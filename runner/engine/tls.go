package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/moby/buildkit/client"
)

// The variables for TLS with a buildkitd at tcp://. They are named after the options of buildctl, which has
// no variables.
const (
	tlsDir    = "BUILDKIT_TLS_DIR"
	tlsCA     = "BUILDKIT_TLS_CACERT"
	tlsCert   = "BUILDKIT_TLS_CERT"
	tlsKey    = "BUILDKIT_TLS_KEY"
	tlsServer = "BUILDKIT_TLS_SERVERNAME"
)

// tlsFiles has the paths of the files for TLS, and the name in the certificate of the engine.
type tlsFiles struct{ ca, cert, key, server string }

// tlsOptions returns the options of a client for TLS; none if no variable is set.
func tlsOptions(address string, env environ) ([]client.ClientOpt, error) {
	m, err := tlsFilesOf(env)
	if err != nil || m == (tlsFiles{}) {
		return nil, err
	}
	opts := []client.ClientOpt{client.WithServerConfig(m.server, m.ca)}
	if m.ca == "" {
		opts = []client.ClientOpt{client.WithServerConfigSystem(m.server)}
	}
	if m.cert != "" {
		opts = append(opts, client.WithCredentials(m.cert, m.key))
	}
	return opts, nil
}

// tlsFilesOf returns the files that the environment names.
func tlsFilesOf(env environ) (tlsFiles, error) {
	m := tlsFiles{ca: env[tlsCA], cert: env[tlsCert], key: env[tlsKey], server: env[tlsServer]}
	if dir := env[tlsDir]; dir != "" {
		if m.ca+m.cert+m.key != "" {
			return m, fmt.Errorf("%s and the variables of single files are both set", tlsDir)
		}
		m.ca, m.cert, m.key = inFolder(dir, "ca.pem", "ca.crt"), inFolder(dir, "cert.pem",
			"tls.crt"), inFolder(dir, "key.pem", "tls.key")
		if m.ca == "" || m.cert == "" || m.key == "" {
			return m, fmt.Errorf("%s has %q, without ca.pem, cert.pem and key.pem in it", tlsDir, dir)
		}
	}
	if (m.cert == "") != (m.key == "") {
		return m, fmt.Errorf("only one of %s and %s is set", tlsCert, tlsKey)
	}
	return m, nil
}

// diagnoseTLS returns what is wrong with TLS at an address that did not answer, or nil. The client often
// cannot tell: a server that refuses its certificate closes the connection while the client still writes.
func diagnoseTLS(ctx context.Context, address string, env environ) error {
	m, err := tlsFilesOf(env)
	if err != nil {
		return err
	}
	config, err := m.tlsConfig()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	d := tls.Dialer{Config: config}
	conn, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(address, "tcp://"))
	connected := err == nil
	if connected {
		defer conn.Close()
		conn.SetReadDeadline(time.Now().Add(time.Second))
		_, err = conn.Read(make([]byte, 1)) // only now a server of TLS 1.3 has seen the certificate
	}
	tlsError := err != nil && strings.Contains(err.Error(), "tls: ")
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	switch none := m == (tlsFiles{}); {
	case plain && !none:
		return errors.New(noTLS)
	case none && !plain && (connected || tlsError):
		return errors.New("it requires TLS")
	case tlsError && !none:
		return err
	}
	return nil
}

// noTLS is the reason of an engine without TLS, although a variable asks for TLS.
const noTLS = "it does not use TLS, but BUILDKIT_TLS_DIR or a related variable asks for it"

// tlsConfig returns the configuration of the client. Without any files it trusts every server, only to see
// whether the server uses TLS.
func (m tlsFiles) tlsConfig() (*tls.Config, error) {
	c := &tls.Config{ServerName: m.server, NextProtos: []string{"h2"}, InsecureSkipVerify: m == tlsFiles{}}
	if m.ca != "" {
		pem, err := os.ReadFile(m.ca)
		if err != nil {
			return nil, err
		}
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM(pem)
	}
	if m.cert != "" {
		pair, err := tls.LoadX509KeyPair(m.cert, m.key)
		if err != nil {
			return nil, err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// inFolder returns the path of the first file that exists in a folder, or "".
func inFolder(dir string, names ...string) string {
	for _, name := range names {
		if path := filepath.Join(dir, name); exists(path) {
			return path
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
