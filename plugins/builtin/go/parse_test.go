package golang

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk"
)

func TestParseModReadsLinesAndBlocks(t *testing.T) {
	m := parseMod(`module "example.com/shop" // the shop

go 1.24rc1
toolchain go1.25.3

require (
	example.com/a v1.2.3
	example.com/b v0.0.0 // indirect
)
require example.com/c v1.0.0

replace (
	example.com/a v1.2.3 => ../a
	example.com/a v1.2.4 => /src/a
	example.com/c => example.com/fork v1.0.0
)
tool example.com/x/cmd/lint
use(
	./svc
)
`)
	want := &modFile{
		module:   "example.com/shop",
		goLine:   "1.24",
		requires: []string{"example.com/a", "example.com/b", "example.com/c"},
		tools:    []string{"example.com/x/cmd/lint"},
		uses:     []string{"./svc"},
		replaced: []replacement{{"example.com/a", "../a"}, {"example.com/a", "/src/a"}},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got %+v, wanted %+v", m, want)
	}
}

func TestParseHeader(t *testing.T) {
	for _, c := range []struct {
		text, pkg     string
		complete, old bool
		plain, tagged bool
	}{
		{"package main\n", "main", true, false, true, true},
		{"\ufeff// Package x\n/* a\npackage b */ package x // y\n", "x", true, false, true, true},
		{"package main", "main", false, false, true, true},
		{"pack", "", false, false, true, true},
		{"/* open", "", false, false, true, true},
		{"// open", "", false, false, true, true},
		{"func main() {}", "", true, false, true, true},
		{"//go:build ignore\n\npackage main\n", "main", true, false, false, false},
		{"// Licence\n\n//go:build integration && linux\n\npackage x\n", "x", true, false, false, true},
		{"//go:build !integration\npackage x\n", "x", true, false, true, false},
		{"//go:build windows\npackage x\n", "x", true, false, false, false},
		{"//go:build go1.99\npackage x\n", "x", true, false, false, false},
		{"//go:build go1.20 && unix\npackage x\n", "x", true, false, true, true},
		{"// +build integration\n\npackage x\n", "x", true, true, false, true},
		{"// +build integration\n\npackage x\n", "x", true, false, true, true},
	} {
		h, complete := parseHeader(c.text, c.old)
		if h.pkg != c.pkg || complete != c.complete || h.matches() != c.plain ||
			h.matches("integration") != c.tagged {
			t.Errorf("%q: package %q, whole %v, plain %v, tagged %v", c.text, h.pkg, complete, h.matches(),
				h.matches("integration"))
		}
	}
}

func TestBuiltOnLinux(t *testing.T) {
	for name, want := range map[string]bool{
		"a.go": true, "windows.go": true, "a_windows.go": false, "a_linux.go": true,
		"a_linux_amd64_test.go": true,
		"a_linux_arm64.go":      false, "a_windows_amd64.go": false, "_a.go": false, ".a.go": false,
		"a_b_c.go": true, "amd64.go": true,
	} {
		if got := builtOnLinux(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestCommandIsTheNameThatGoGives(t *testing.T) {
	for importPath, want := range map[string]string{
		"example.com/shop": "shop", "example.com/shop/v2": "shop", "example.com/shop/v1": "v1", "v2": "v2",
		"a/v02":            "v02",
		"gopkg.in/yaml.v3": "yaml.v3",
	} {
		if got := command(importPath); got != want {
			t.Errorf("%s: got %q, wanted %q", importPath, got, want)
		}
	}
}

func TestEnabledReadsEachFormat(t *testing.T) {
	for _, text := range []string{
		"linters:\n  enable:\n    # why\n    - gosec # x\n    - 'cyclop'\n  disable:\n    - funlen\n",
		"linters:\n  enable: [gosec, cyclop]\n  disable: [funlen]\n",
		"[linters]\nenable = [\n  \"gosec\",\n  \"cyclop\",\n]\ndisable = [\"funlen\"]\n",
		`{"linters": {
  "enable": ["gosec", "cyclop"], "disable": ["funlen"]}}`,
	} {
		if got := enabled(text); !reflect.DeepEqual(got, []string{"gosec", "cyclop"}) {
			t.Errorf("%s\ngot %q", text, got)
		}
	}
}

func TestRelFile(t *testing.T) {
	for _, c := range [][3]string{{".", "a.json", "a.json"}, {"x/y", "a.json", "../../a.json"},
		{"x/y", "x/a.json", "../a.json"}} {
		if got := relFile(c[0], c[1]); got != c[2] {
			t.Errorf("%s from %s: got %q, wanted %q", c[1], c[0], got, c[2])
		}
	}
}

func FuzzParseMod(f *testing.F) {
	f.Add("module a\nrequire (\n\tb v1 // c\n)\nreplace b => ./b\n")
	f.Add("(\n)\n=> (")
	f.Fuzz(func(t *testing.T, text string) {
		if m := parseMod(text); strings.Trim(m.goLine, "0123456789.") != "" {
			t.Errorf("go line %q", m.goLine)
		}
	})
}

func FuzzParseHeader(f *testing.F) {
	f.Add("//go:build a\n/* b */ package c\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, complete := parseHeader(text, true)
		again, _ := parseHeader(text+"\n// more", true)
		if complete && h.pkg != again.pkg {
			t.Errorf("%q: package %q, and %q with more text behind it", text, h.pkg, again.pkg)
		}
		h.matches()
	})
}

func FuzzEnabled(f *testing.F) {
	f.Add("enable: [a]\nenable:\n - b\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range enabled(text) {
			if name == "" || !strings.Contains(text, name) {
				t.Errorf("%q has no linter %q", text, name)
			}
		}
	})
}

func TestListens(t *testing.T) {
	for text, want := range map[string][]int{
		`http.ListenAndServe(":8080", nil)`:                         {8080},
		"\tlog.Fatal(http.ListenAndServeTLS(\":8443\", cert, key))": {8443},
		`l, err := net.Listen("tcp", "0.0.0.0:9000")`:               {9000},
		"s := &http.Server{Addr: \":80\"}\ns.Addr = \":81\"":        {80},
		"http.ListenAndServe(\":1\", nil)\nserve(net.Listen(\"tcp\", \":2\"))\nhttp.ListenAndServe(\":1\", nil)": {1,
			2},
		`// http.ListenAndServe(":8080", nil)`:       nil,
		`http.ListenAndServe("127.0.0.1:8080", nil)`: nil,
		`http.ListenAndServe(":0", nil)`:             nil,
		`http.ListenAndServe(":70000", nil)`:         nil,
		`http.ListenAndServe(addr, nil)`:             nil,
		`fmt.Println("ListenAndServe(\":8080\"")`:    nil,
	} {
		if got := sdk.PortsIn(text, listening()); !slices.Equal(got, want) {
			t.Errorf("%q listens on %v, wanted %v", text, got, want)
		}
	}
}
