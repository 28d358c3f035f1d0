package sdk

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestAFileThatIsTooLargeEndsThePlugin(t *testing.T) {
	large := &fstest.MapFile{Data: make([]byte, maxManifest+1)}
	p := &Project{FS: fstest.MapFS{"package.json": large, "package-lock.json": large, "a/Makefile": large, "data.py": large, "bin/program": large,
		"bin/huge": &fstest.MapFile{Data: make([]byte, maxFile+1)}}}
	for name, want := range map[string]string{"package.json": "package.json cannot be read: it is larger than 1 MiB",
		"a/Makefile": "a/Makefile cannot be read: it is larger than 1 MiB", "package-lock.json": "", "data.py": "",
		"bin/program": "", "bin/huge": ""} {
		said := ""
		_, err := call(func(p *Project) (*plan.Plan, error) { p.Read(name); return nil, nil }, p)
		if err != nil {
			said = err.Error()
		}
		if said != want {
			t.Errorf("%s: got %q, wanted %q", name, said, want)
		}
	}
}

func TestOtherPanicsStayPanics(t *testing.T) {
	defer func() {
		if recover() != "x" {
			t.Error("it is hidden")
		}
	}()
	var out bytes.Buffer
	run(func(*Project) (*plan.Plan, error) { panic("x") }, []string{"p", "plan"}, strings.NewReader(request), &out, &out)
}
