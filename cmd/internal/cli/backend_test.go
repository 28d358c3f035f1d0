package cli

import (
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestSourceOfAnEngine checks that an engine from project.toml is not blamed on --engine, or the reverse.
func TestSourceOfAnEngine(t *testing.T) {
	for _, test := range []struct{ option, declared, address, from string }{
		{"tcp://a:1", "tcp://b:1", "tcp://a:1", ""},
		{"", "tcp://b:1", "tcp://b:1", "project.toml"},
		{"", "", "", ""},
	} {
		c := &call{options: &options{Engine: test.option}}
		r := c.dockerRequest(release.Environment{Engine: test.declared})
		if r.Address != test.address || r.From != test.from {
			t.Errorf("%+v: got %q from %q", test, r.Address, r.From)
		}
	}
}
