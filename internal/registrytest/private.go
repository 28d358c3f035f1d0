package registrytest

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"
)

// Somebody are the credentials that a private registry accepts, "name:password", and hash is the hash of the
// password.
const (
	Somebody = "somebody:secret"
	hash     = "$2b$05$0N/5IgBV0iNxaFMEfoer5u4fFokhQCPTDBKDIHuadJPVTceRiuiLG"
)

// Private starts a registry that requires credentials.
func Private(t *testing.T) string {
	t.Helper()
	at, _ := private(t)
	return at
}

// Stoppable starts a registry that requires credentials, and returns its address and a function that ends it.
func Stoppable(t *testing.T) (at string, stop func() error) {
	t.Helper()
	at, c := private(t)
	return at, func() error { return c.Stop(context.Background(), new(time.Duration)) }
}

func private(t *testing.T) (string, testcontainers.Container) {
	t.Helper()
	return start(t, map[string]string{
		"REGISTRY_AUTH": "htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM": "test",
		"REGISTRY_AUTH_HTPASSWD_PATH": "/htpasswd",
	}, []testcontainers.ContainerFile{{Reader: strings.NewReader("somebody:" + hash + "\n"),
		ContainerFilePath: "/htpasswd", FileMode: 0o644}})
}

// Login returns a folder with a configuration of docker that has credentials for a registry; "" are none.
func Login(t *testing.T, registry, credentials string) string {
	t.Helper()
	dir, text := t.TempDir(), "{}"
	if credentials != "" {
		text = fmt.Sprintf(`{"auths":{%q:{"auth":%q}}}`, registry,
			base64.StdEncoding.EncodeToString([]byte(credentials)))
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
