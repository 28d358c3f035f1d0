package plugins

import (
	"encoding/json"
	"io/fs"

	"github.com/klauspost/compress/zstd"

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
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1)}
	if x.Base != "" && needed == nil {
		return nil, &NotBuiltError{"this davit was built without what its plugin " + x.Manifest.Name + " needs"}
	}
	if x.Base != "" {
		base, err := needed()
		if err != nil {
			return nil, err
		}
		options = append(options, zstd.WithDecoderDictRaw(baseID, base))
	}
	d, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(data, make([]byte, 0, x.Size))
}

// baseID is the number that a compressed module has for its base.
const baseID = 1

// Compress returns a module in the form that Indexed.File holds. The level is the one that makes the smallest
// file which still decompresses in a few milliseconds. What the module shares with a base, if there is one, is not in it.
func Compress(module, base []byte) ([]byte, error) {
	options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1)}
	if base != nil {
		options = append(options, zstd.WithEncoderDictRaw(baseID, base), zstd.WithWindowSize(1<<24))
	}
	e, err := zstd.NewWriter(nil, options...)
	if err != nil {
		return nil, err
	}
	return e.EncodeAll(module, nil), e.Close()
}
