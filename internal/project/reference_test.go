package project

import (
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0", 64)
	for text, want := range map[string]bool{
		"registry.example.com/platform/acme:1.4": true, "localhost:5000/acme:1": true, "[::1]:5000/acme:1": true,
		"acme": false, "acme:1": false, "registry.example.com/Acme:1": false, "registry.example.com/acme": false,
		"oci:./plugins:acme-1.4": true, "oci:/mnt/usb:acme": true, "oci:plugins": false, "oci::acme": false,
		"oci:plugins:": false, "oci://registry.example.com/acme:1": false, "oci:plugins:../x": false,
		"https://example.com/acme.wasm@" + digest: true, "http://127.0.0.1:80/acme.wasm@" + digest: true,
		"http://[::1]/acme.wasm@" + digest: true, "http://example.com/acme.wasm@" + digest: false,
		"https://example.com/acme.wasm": false, "https://a:b@example.com/acme.wasm@" + digest: false,
		"https:///acme.wasm@" + digest: false, "https://example.com/acme.wasm@sha256:00": false,
		"https://example.com/acme.wasm#x@" + digest: false,
	} {
		if got := ValidReference(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
		if p := (Plugin{From: text}); !p.Published() {
			t.Errorf("%q is a file", text)
		}
	}
	for _, file := range []string{"./tools/acme.wasm", "acme.wasm", "a:b/acme.wasm"} {
		if p := (Plugin{From: file}); p.Published() {
			t.Errorf("%q is no file", file)
		}
	}
}
