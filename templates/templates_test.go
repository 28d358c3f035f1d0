package templates

import (
	"os"
	"reflect"
	"strings"
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

func TestAdoptedIsReadAsItIsMeant(t *testing.T) {
	a := Adoption{Name: `od"d`, Known: []string{"make: Makefile with 3 targets"}, Parts: []Part{{"Pulumi", "Pulumi.yaml", "pulumi", ""},
		{"Maven", "pom.xml", "maven", "mvn -B verify"}, {"Helm", "a b/Chart.yaml", "helm", `cd "a b" && helm lint .`}}}
	p, err := project.Parse([]byte(Adopted(a)))
	if err != nil {
		t.Fatalf("%v in\n%s", err, Adopted(a))
	}
	if p.Descriptor.Name != a.Name || !reflect.DeepEqual(p.Targets["test"].Parts, []string{"maven", "helm"}) ||
		p.Targets["helm"].Run != a.Parts[2].Command || len(p.Targets) != 3 {
		t.Errorf("got %+v", p)
	}
}

// TestTheSchemaIsThere: the files name a schema of this repository.
func TestTheSchemaIsThere(t *testing.T) {
	_, file, _ := strings.Cut(Schema, "/main/")
	if _, err := os.Stat("../" + file); err != nil {
		t.Error(err)
	}
	for _, text := range []string{Project("shop"), Adopted(Adoption{Name: "shop"})} {
		if !strings.HasPrefix(text, "#:schema "+Schema+"\n") {
			t.Errorf("it begins with %.80q", text)
		}
	}
}
