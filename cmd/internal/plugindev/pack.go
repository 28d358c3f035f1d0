package plugindev

import (
	"fmt"
	"path/filepath"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins"
)

// A Packed is a plugin that was written to a file.
type Packed struct {
	// File is where it was written.
	File string `json:"file"`
	// Name and Version are those of the manifest.
	Name    string `json:"name"`
	Version string `json:"plugin_version"`
	// Size is that of the file, in bytes.
	Size int `json:"size"`
	// Digest of the file: "sha256:…".
	Digest string `json:"digest"`
}

// Pack writes a module with a manifest in it to a file; without one, to NAME.wasm beside the manifest. A module that
// no davit would load is refused.
func (Tools) Pack(module, manifest, out string) (*Packed, error) {
	raw, err := read(module)
	if err != nil {
		return nil, err
	}
	return pack(raw, module, manifest, out)
}

// pack packs the bytes of a module, which is named for errors.
func pack(raw []byte, module, manifest, out string) (*Packed, error) {
	m, text, err := readManifest(manifest)
	if err != nil {
		return nil, err
	}
	if out == "" {
		out = filepath.Join(filepath.Dir(manifest), m.Name+".wasm")
	}
	data, err := plugins.Pack(raw, text)
	if err != nil {
		return nil, fault.Preconditionf("", "%q cannot be packed: %v", module, err)
	}
	packed, err := plugins.Parse("", data)
	if err == nil {
		err = packed.Scan()
	}
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Write(out, data, 0o644); err != nil {
		return nil, fmt.Errorf("%q cannot be written: %w", out, err)
	}
	return &Packed{File: out, Name: m.Name, Version: m.Version, Size: len(data), Digest: packed.Digest}, nil
}
