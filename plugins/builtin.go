package plugins

import (
	"encoding/json"
	"io/fs"

	"github.com/davit-dev/davit/internal/compressed"
	"github.com/davit-dev/davit/plugins/builtin"
)

// IndexFile is the name of the JSON file that lists the built-in plugins as []Indexed.
const IndexFile = "index.json"

// An Indexed is the entry of a built-in plugin in the index, which is read without decompressing the plugin.
type Indexed struct {
	// Digest and Size, in bytes, of the packed module.
	Digest string `json:"digest"`
	Size   int    `json:"size"`
	// File holds the module, compressed.
	File string `json:"file"`
	// Base is the digest of another module that is needed to decompress it; empty for none.
	Base     string   `json:"base,omitempty"`
	Manifest Manifest `json:"manifest"`
}

// Builtin returns the built-in plugins. The error is a *NotBuiltError if davit was built without them.
func Builtin() ([]*Module, error) { return modules(builtin.Files()) }

func modules(files fs.FS) ([]*Module, error) {
	data, err := fs.ReadFile(files, IndexFile)
	if err != nil {
		return nil, &NotBuiltError{"this davit was built without its plugins"}
	}
	var index []Indexed
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, &NotBuiltError{"the plugins in this davit are damaged"}
	}
	var all []*Module
	expanded := map[string]func() ([]byte, error){} // by digest: several plugins are in a module, and others need it
	for _, x := range index {
		if expanded[x.Digest] == nil {
			expanded[x.Digest] = lazily(func() ([]byte, error) { return expand(files, x, expanded[x.Base]) })
		}
		all = append(all, &Module{Manifest: x.Manifest, Digest: x.Digest, trusted: true, bytes: expanded[x.Digest]})
	}
	return all, nil
}

// expand decompresses a module, with that which it needs for it, unless that is nil.
func expand(files fs.FS, x Indexed, needed func() ([]byte, error)) ([]byte, error) {
	data, err := fs.ReadFile(files, x.File)
	if err != nil {
		return nil, &NotBuiltError{"this davit was built without its plugin " + x.Manifest.Name}
	}
	if x.Base != "" && needed == nil {
		return nil, &NotBuiltError{"this davit was built without what its plugin " + x.Manifest.Name + " needs"}
	}
	var base []byte
	if x.Base != "" {
		if base, err = needed(); err != nil {
			return nil, err
		}
	}
	return compressed.Expand(data, base, x.Size)
}
