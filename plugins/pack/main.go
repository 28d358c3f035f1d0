// Pack adds a plugin.toml to a WebAssembly module, which makes it a davit plugin in one file.
//
//	go run github.com/davit-dev/davit/plugins/pack -manifest plugin.toml -o acme.wasm main.wasm
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/davit-dev/davit/plugins"
)

func main() {
	manifest := flag.String("manifest", "plugin.toml", "the manifest of the plugin")
	out := flag.String("o", "", "the `file` to write")
	flag.Parse()
	if flag.NArg() != 1 || *out == "" {
		fmt.Fprintln(os.Stderr, "usage: pack [-manifest plugin.toml] -o OUT.wasm IN.wasm")
		os.Exit(2)
	}
	digest, err := pack(flag.Arg(0), *manifest, *out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Println(digest)
}

func pack(in, manifest, out string) (digest string, err error) {
	module, err := os.ReadFile(in)
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(manifest)
	if err != nil {
		return "", err
	}
	if _, err := plugins.ParseManifest(manifest, text); err != nil {
		return "", err
	}
	packed, err := plugins.Pack(module, text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", in, err)
	}
	return plugins.Digest(packed), os.WriteFile(out, packed, 0o644)
}
