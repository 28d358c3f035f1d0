// Build builds the built-in plugins: it compiles each folder of modules to WebAssembly, compresses it into dist, and
// lists the plugins that it imports in the index, with their manifests. The same sources and the same Go give the same
// bytes; modules that did not change are not written again.
//
//	go run ./build # in plugins/builtin
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/compressed"
	"github.com/davit-dev/davit/plugins"
)

func main() {
	if err := build("."); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// build builds the modules in the folder dir.
func build(dir string) error {
	contents, err := list(dir)
	if err != nil {
		return err
	}
	// The compiled programs are kept, so that go build links only those whose sources changed.
	programs := filepath.Join(dir, "..", "..", "bin", "plugins")
	if err := compile(dir, programs); err != nil {
		return err
	}
	dist := filepath.Join(dir, "dist")
	before := read(dist)
	var index []plugins.Indexed
	for _, c := range contents {
		x, err := pack(filepath.Join(programs, c.module), dist, before)
		if err != nil {
			return fmt.Errorf("%s: %w", c.module, err)
		}
		for _, x.Manifest = range c.manifests {
			index = append(index, x)
		}
	}
	slices.SortFunc(index, func(a, b plugins.Indexed) int { return strings.Compare(a.Manifest.Name, b.Manifest.Name) })
	return errors.Join(write(dist, index), removeUnlisted(dist, index))
}

// A content is a module with the manifests of its plugins.
type content struct {
	module    string
	manifests []plugins.Manifest
}

// list returns what is in each module: a plugin is a package that it imports and that has a manifest.
func list(dir string) (all []content, err error) {
	cmd := exec.Command("go", "list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./modules/...")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		c := content{module: path.Base(words[0])}
		if c.manifests, err = manifests(dir, words[1:]); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// manifests returns the manifests of those packages that are plugins.
func manifests(dir string, packages []string) (all []plugins.Manifest, err error) {
	for _, name := range packages {
		file := filepath.Join(dir, path.Base(name), "plugin.toml")
		text, err := os.ReadFile(file)
		if path.Base(path.Dir(name)) != "builtin" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m, err := plugins.ParseManifest(file, text)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// compile compiles the modules with one go command, which compiles shared packages once and uses all cores.
func compile(dir, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out+string(filepath.Separator),
		"./modules/...")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOWASM=", "GOFLAGS=", "GOEXPERIMENT=")
	return cmd.Run()
}

// pack writes one module to dist, unless it is there already, and returns its entry without a manifest.
func pack(program, dist string, before []plugins.Indexed) (x plugins.Indexed, err error) {
	module, err := os.ReadFile(program)
	if err != nil {
		return x, err
	}
	name := filepath.Base(program)
	x.Digest, x.Size, x.File = blobs.Digest(module), len(module), name+".wasm.zst"
	base, err := readBase(program)
	if err != nil {
		return x, err
	}
	if base != nil {
		x.Base = blobs.Digest(base)
	}
	same := func(b plugins.Indexed) bool { return b.Digest == x.Digest && b.File == x.File && b.Base == x.Base }
	if slices.ContainsFunc(before, same) {
		return x, nil
	}
	data, err := compressed.Compress(module, base)
	if err != nil {
		return x, err
	}
	fmt.Printf("%-8s %5.1f MB, %4.1f MB compressed, %s\n", name, megabytes(len(module)), megabytes(len(data)),
		blobs.Short(x.Digest))
	return x, atomicfile.Write(filepath.Join(dist, x.File), data, 0o644)
}

// bases are the modules that others share most of their code with, by the names of those.
var bases = map[string]string{"scripted": "compiled", "small": "compiled"}

// readBase returns the module that another one needs to be decompressed, or nil.
func readBase(program string) ([]byte, error) {
	name, ok := bases[filepath.Base(program)]
	if !ok {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(filepath.Dir(program), name))
}

func megabytes(bytes int) float64 { return float64(bytes) / 1e6 }

// read returns the index of dist without the plugins whose files are missing.
func read(dist string) (index []plugins.Indexed) {
	data, err := os.ReadFile(filepath.Join(dist, plugins.IndexFile))
	if err != nil || json.Unmarshal(data, &index) != nil {
		return nil
	}
	return slices.DeleteFunc(index, func(x plugins.Indexed) bool {
		_, err := os.Stat(filepath.Join(dist, x.File))
		return err != nil
	})
}

// write writes the index, unless it is unchanged: an older file saves linking davit again.
func write(dist string, index []plugins.Indexed) error {
	data, err := json.Marshal(index)
	if err != nil {
		return err
	}
	name, data := filepath.Join(dist, plugins.IndexFile), append(data, '\n')
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return atomicfile.Write(name, data, 0o644)
}

// removeUnlisted removes modules that the index does not list.
func removeUnlisted(dist string, index []plugins.Indexed) error {
	entries, err := fs.ReadDir(os.DirFS(dist), ".")
	for _, e := range entries {
		known := slices.ContainsFunc(index, func(x plugins.Indexed) bool { return x.File == e.Name() })
		if strings.HasSuffix(e.Name(), ".zst") && !known {
			err = errors.Join(err, os.Remove(filepath.Join(dist, e.Name())))
		}
	}
	return err
}
