package stacks

import (
	"fmt"
	"strings"
	"testing"
)

func TestParts(t *testing.T) {
	for files, want := range map[string]string{
		"":                                         "",
		"go.mod main.go":                           "",
		"go.mod a/project.pbxproj":                 "a (Xcode)",
		"a/project.pbxproj a/b/project.pbxproj":    "a (Xcode)",
		"a/project.pbxproj ab/project.pbxproj":     "a (Xcode), ab (Xcode)",
		"project.pbxproj a/project.pbxproj":        ". (Xcode)",
		"infra/project.pbxproj tools/dune-project": "infra (Xcode), tools/dune-project (OCaml)",
		"a.nimble lib/b.nimble":                    "a.nimble (Nim)",
		"dub.sdl dub.json":                         "dub.json (D)",
		"shard.yml core/shard.yml":                 "shard.yml (Crystal)",
		"api/shard.yml web/shard.yml":              "api/shard.yml (Crystal), web/shard.yml (Crystal)",
		"a.nimble-old main.nimbles x.nimble.bak":   "",
		"test/e2e/shard.yml docs/elm.json examples/x/dune-project .ci/dub.json": "",
		"Examples/Package.swift":        "",
		"App.xcodeproj/project.pbxproj": "App.xcodeproj (Xcode)",
		"project.toml":                  "",
	} {
		var got []string
		for _, p := range Parts(strings.Fields(files)) {
			got = append(got, p.String())
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %v, want %s", files, got, want)
		}
	}
}

// TestTableIsWhole: each stack has all that messages say of it, and each manifest one stack.
func TestTableIsWhole(t *testing.T) {
	seen := map[string]string{}
	for _, s := range all {
		if s.Name == "" || len(s.Manifests) == 0 || len(s.Programs) == 0 {
			t.Errorf("%s lacks something", fmt.Sprint(s))
		}
		for _, name := range s.Manifests {
			if seen[name] != "" {
				t.Errorf("%s is a manifest of %s and of %s", name, seen[name], s.Name)
			}
			seen[name] = s.Name
		}
	}
}
