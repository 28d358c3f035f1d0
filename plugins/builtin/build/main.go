// Build builds the built-in plugins: it compiles each folder beside it that has a plugin.toml to WebAssembly,
// packs it with its manifest and compresses it into dist. The same sources and the same Go give the same
// bytes; plugins that did not change are not written again.
//
//	go run ./build         # in plugins/builtin: all plugins
//	go run ./build go make # only these two
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/plugins"
)

func main() {
	if err := build(".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// build builds the plugins in the folders of dir, or only the named ones.
func build(dir string, only []string) error {
	names, err := pluginNames(dir)
	if err != nil {
		return err
	}
	dist := filepath.Join(dir, "dist")
	before := read(dist)
	var index []plugins.Indexed
	if len(only) > 0 {
		names = only
		index = slices.DeleteFunc(slices.Clone(before),
			func(x plugins.Indexed) bool { return slices.Contains(names, x.Manifest.Name) })
	}
	// The compiled programs are kept, so that go build compiles only those whose sources changed.
	programs := filepath.Join(dir, "..", "..", "bin", "plugins")
	if err := compile(dir, programs, names); err != nil {
		return err
	}
	for _, name := range names {
		x, err := pack(filepath.Join(programs, name), filepath.Join(dir, name, "plugin.toml"), dist, before)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		index = append(index, x)
	}
	slices.SortFunc(index, func(a, b plugins.Indexed) int {
		return strings.Compare(a.Manifest.Name, b.Manifest.Name)
	})
	return errors.Join(write(dist, index), removeUnlisted(dist, index))
}

// pluginNames returns the names of the folders with a plugin, sorted.
func pluginNames(dir string) (names []string, err error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", "plugin.toml"))
	for _, name := range found {
		names = append(names, filepath.Base(filepath.Dir(name)))
	}
	if len(names) == 0 {
		err = errors.Join(err, errors.New("there is no folder with a plugin.toml here"))
	}
	return names, err
}

// compile compiles the plugins with one go command, which compiles shared packages once and uses all cores.
func compile(dir, out string, names []string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o",
		out + string(filepath.Separator)}
	for _, name := range names {
		args = append(args, "./"+name)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOWASM=", "GOFLAGS=", "GOEXPERIMENT=")
	return cmd.Run()
}

// pack writes one plugin with its manifest to dist, unless it is there already.
func pack(program, manifest, dist string, before []plugins.Indexed) (x plugins.Indexed, err error) {
	module, err := os.ReadFile(program)
	if err != nil {
		return x, err
	}
	text, err := os.ReadFile(manifest)
	if err != nil {
		return x, err
	}
	packed, err := plugins.Pack(module, text)
	if err != nil {
		return x, err
	}
	if x.Manifest, err = plugins.ParseManifest(manifest, text); err != nil {
		return x, err
	}
	x.Digest, x.Size, x.File = plugins.Digest(packed), len(packed), x.Manifest.Name+".wasm.zst"
	if slices.ContainsFunc(before, func(b plugins.Indexed) bool {
		return b.Digest == x.Digest &&
			b.File == x.File
	}) {
		return x, nil
	}
	data, err := plugins.Compress(packed)
	if err != nil {
		return x, err
	}
	fmt.Printf("%-8s %5.1f MB, %4.1f MB compressed, %s\n", x.Manifest.Name, megabytes(len(packed)),
		megabytes(len(data)), plugins.Short(x.Digest))
	return x, atomicfile.Write(filepath.Join(dist, x.File), data, 0o644)
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
	data, err := json.MarshalIndent(index, "", "  ")
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
