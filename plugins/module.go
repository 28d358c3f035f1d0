package plugins

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/davit-dev/davit/internal/regular"
)

// maxModule is the size of the largest module that is loaded, in bytes.
const maxModule = 64 << 20

// A Module is one plugin.
type Module struct {
	Manifest Manifest
	// Digest of the whole file, manifest included: "sha256:" and 64 hexadecimal digits.
	Digest string

	trusted bool // it may run in this process
	bytes   func() ([]byte, error)
}

// fault returns an error for a fault of the plugin.
func (m *Module) fault(format string, args ...any) *Error {
	return &Error{Plugin: m.Manifest.Name, Digest: m.Digest, Reason: fmt.Sprintf(format, args...)}
}

// Bytes returns the WebAssembly module. It reads and decompresses the module only when it is called.
func (m *Module) Bytes() ([]byte, error) { return m.bytes() }

// Load reads a plugin from a .wasm file and gives it the name that the project calls it by. The error is an *Error
// if the file can be read and is no plugin.
func Load(name, file string) (*Module, error) {
	data, err := regular.Read(file, maxModule)
	if err != nil {
		return nil, err
	}
	m := &Module{Manifest: Manifest{Name: name}, Digest: Digest(data),
		bytes: func() ([]byte, error) { return data, nil }}
	text, err := ReadManifest(data)
	if err != nil {
		return nil, m.fault("cannot be loaded: %v", err)
	}
	manifest, err := ParseManifest("plugin.toml", text)
	if err != nil {
		return nil, m.fault("cannot be loaded: %v", err)
	}
	manifest.Name = name
	m.Manifest = manifest
	return m, nil
}

// Digest returns the digest of a packed module.
func Digest(module []byte) string {
	sum := sha256.Sum256(module)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// lazily returns a function that calls f at most once.
func lazily(f func() ([]byte, error)) func() ([]byte, error) { return sync.OnceValues(f) }
