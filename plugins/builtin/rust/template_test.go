package main

import (
	"testing"
)

// A Cargo.toml that a generator fills is no package.
func TestATemplateIsNoPackage(t *testing.T) {
	p := planOfFiles(t, map[string]string{"Cargo.toml": "[package]\nname = 'x'\n[dependencies]\nserde = '1'\n", "src/lib.rs": "",
		"gen/Cargo.toml": "[package]\nname = '{{ crate }}'\n", "gen/src/lib.rs": "#[test]\nfn t() {}"})
	for id := range p.Steps {
		if p.Steps[id].Dir == "gen" {
			t.Errorf("%s is planned", id)
		}
	}
}
