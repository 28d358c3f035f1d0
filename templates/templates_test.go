package templates

import (
	"testing"

	"github.com/davit-dev/davit/internal/project"
)

func TestProjectIsReadAsItIsMeant(t *testing.T) {
	for _, name := range []string{"shop", `odd "name"`, `back\slash`} {
		p, err := project.Parse([]byte(Project(name)))
		if err != nil {
			t.Fatal(err)
		}
		if p.Descriptor.Name != name {
			t.Errorf("got %q, want %q", p.Descriptor.Name, name)
		}
	}
}
