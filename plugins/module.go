package plugins

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"sync"

	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/scan"
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

// Load reads a plugin from a .wasm file, whose name is relative to the folder of a project, and gives it the name that
// the project calls it by. The error is an *Error if the file can be read and is no plugin, and an *OutsideError if a
// link leads out of the project.
func Load(name, dir, file string) (*Module, error) {
	data, err := read(dir, file)
	if is, ok := errors.AsType[*regular.Error](err); ok && is.Outside {
		return nil, &OutsideError{Plugin: name, File: file}
	}
	if err != nil {
		return nil, err
	}
	return Parse(name, data)
}

// Parse reads a plugin from the bytes of a .wasm file, and gives it the name that the project calls it by; with "" it
// has that of its manifest. The error is an *Error if it is no plugin.
func Parse(name string, data []byte) (*Module, error) {
	m := &Module{Manifest: Manifest{Name: name}, Digest: blobs.Digest(data),
		bytes: func() ([]byte, error) { return data, nil }}
	text, err := ReadManifest(data)
	if err != nil {
		return nil, m.fault("cannot be loaded: %v", err)
	}
	manifest, err := ParseManifest("plugin.toml", text)
	if later, is := errors.AsType[*APIError](err); is {
		later.Plugin = cmp.Or(name, later.Plugin)
		return nil, later
	}
	if err != nil {
		return nil, m.fault("cannot be loaded: %v", err)
	}
	manifest.Name = cmp.Or(name, manifest.Name)
	m.Manifest = manifest
	return m, nil
}

// scanned returns the module as it may be decoded, or why it may not be.
func (m *Module) scanned() ([]byte, error) {
	data, err := m.Bytes()
	if err != nil {
		return nil, err
	}
	data, err = scan.Module(data, scan.Import{From: wasi_snapshot_preview1.ModuleName, Offered: offersFunction})
	if err != nil {
		return nil, m.fault("cannot be loaded: %v", err)
	}
	return data, nil
}

// Scan returns why no davit would load the module, or nil.
func (m *Module) Scan() error {
	_, err := m.scanned()
	return err
}

// read reads the file of a plugin. One that project.toml itself names outside of the project may be there.
func read(dir, file string) ([]byte, error) {
	if local := path.Clean(file); filepath.IsLocal(filepath.FromSlash(local)) {
		return regular.ReadInside(dir, local, maxModule)
	}
	return regular.Read(filepath.Join(dir, filepath.FromSlash(file)), maxModule)
}

// lazily returns a function that calls f at most once.
func lazily(f func() ([]byte, error)) func() ([]byte, error) { return sync.OnceValues(f) }
