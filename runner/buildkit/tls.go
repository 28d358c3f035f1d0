package buildkit

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/moby/buildkit/client"
)

// The variables that say how a buildkitd at tcp:// is trusted, and how it trusts the caller. They are called as the options of
// buildctl are, which has no variables for them.
const (
	tlsDir    = "BUILDKIT_TLS_DIR"
	tlsCA     = "BUILDKIT_TLS_CACERT"
	tlsCert   = "BUILDKIT_TLS_CERT"
	tlsKey    = "BUILDKIT_TLS_KEY"
	tlsServer = "BUILDKIT_TLS_SERVERNAME"
)

// material is what TLS needs: names of files, and the name in the certificate of the engine.
type material struct{ ca, cert, key, server string }

// credentials are the options of a client for TLS; none where no variable asks for it.
func credentials(address string, env environ) ([]client.ClientOpt, error) {
	m, err := materialOf(env)
	if err != nil || m == (material{}) {
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

// materialOf finds the files that the environment names.
func materialOf(env environ) (material, error) {
	m := material{ca: env[tlsCA], cert: env[tlsCert], key: env[tlsKey], server: env[tlsServer]}
	if dir := env[tlsDir]; dir != "" {
		if m.ca+m.cert+m.key != "" {
			return m, fmt.Errorf("%s and the variables of single files are both set", tlsDir)
		}
		m.ca, m.cert, m.key = inFolder(dir, "ca.pem", "ca.crt"), inFolder(dir, "cert.pem", "tls.crt"), inFolder(dir, "key.pem", "tls.key")
		if m.ca == "" || m.cert == "" || m.key == "" {
			return m, fmt.Errorf("%s has %q, without ca.pem, cert.pem and key.pem in it", tlsDir, dir)
		}
	}
	if (m.cert == "") != (m.key == "") {
		return m, fmt.Errorf("of %s and %s one is set", tlsCert, tlsKey)
	}
	return m, nil
}

// inFolder is the path of the first of the files that is there; empty for none.
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
