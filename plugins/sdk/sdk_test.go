package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
)

const request = `{"api":1,"project":{"name":"shop","dir":"."},"config":{"main":"x"}}`

func TestRun(t *testing.T) {
	yes := func(p *Project) (*plan.Plan, error) { return &plan.Plan{Match: true, Summary: p.Name}, nil }
	no := func(*Project) (*plan.Plan, error) { return nil, nil }
	bad := func(*Project) (*plan.Plan, error) { return nil, errors.New("go.mod:3: unknown word") }
	for name, c := range map[string]struct {
		f           Func
		args        string
		in          string
		code        int
		out, stderr string
	}{
		"an answer":    {yes, "p plan", request, 0, `{"api":1,"match":true,"summary":"shop"}`, ""},
		"not this one": {no, "p plan", request, 0, `{"api":1,"match":false}`, ""},
		"a message":    {bad, "p plan", request, 1, "", "go.mod:3: unknown word"},
		"no request":   {yes, "p plan", "", 2, "", "request: the answer is empty"},
		"another api":  {yes, "p plan", `{"api":2}`, 2, "", "request: api is 2, wanted 1"},
		"by hand":      {yes, "p", request, 2, "", "usage: echo REQUEST | PLUGIN plan"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, stderr bytes.Buffer
			code := run(c.f, strings.Fields(c.args), strings.NewReader(c.in), &out, &stderr)
			if code != c.code || strings.TrimSpace(out.String()) != c.out ||
				strings.TrimSpace(stderr.String()) != c.stderr {
				t.Errorf("got %d, %q, %q", code, out.String(), stderr.String())
			}
		})
	}
}

// A program with several plugins is the one by whose name it is called.
func TestOneOf(t *testing.T) {
	all := map[string]Func{"go": func(*Project) (*plan.Plan, error) { return nil, errors.New("it is go") },
		"make": func(*Project) (*plan.Plan, error) { return nil, errors.New("it is make") }}
	for name, want := range map[string]string{
		"go": "it is go", "/usr/bin/make": "it is make", "rust": "", "": "",
	} {
		f, err := oneOf(all, name)
		if (want == "") != (f == nil) || (f == nil) != (err != nil) {
			t.Fatalf("%q: got %v", name, err)
		}
		if f == nil {
			if !strings.HasSuffix(err.Error(), "only go, make") {
				t.Errorf("%q: %v", name, err)
			}
		} else if _, err := f(nil); err.Error() != want {
			t.Errorf("%q: got %v, wanted %s", name, err, want)
		}
	}
}

func project() *Project {
	return &Project{
		Files: map[string]string{"inlined": "from the request"},
		FS: fstest.MapFS{
			"go.mod": {Data: []byte("module x")}, "cmd/a/main.go": {Data: []byte("package main")},
			"cmd/b/main.go":          {},
			"node_modules/x/main.go": {}, ".git/main.go": {}, "deep/er/and/deeper/main.go": {},
		},
	}
}

func TestProjectReads(t *testing.T) {
	p := project()
	if text, ok := p.Read("go.mod"); !ok || text != "module x" {
		t.Errorf("Read: %q, %v", text, ok)
	}
	if text, ok := p.Read("inlined"); !ok || text != "from the request" {
		t.Errorf("Read of what is inlined: %q, %v", text, ok)
	}
	if _, ok := p.Read("missing"); ok || p.Exists("missing") || !p.Exists("cmd") {
		t.Error("what is missing is there, or the other way round")
	}
	if p.Head("go.mod", 6) != "module" || p.Head("go.mod", 100) != "module x" || p.Head("missing", 5) != "" {
		t.Error("Head does not read the head")
	}
	if got := p.FirstOf("a", "go.mod", "cmd"); got != "go.mod" {
		t.Errorf("FirstOf: %q", got)
	}
	if got := p.List("cmd"); !slices.Equal(got, []string{"a/", "b/"}) {
		t.Errorf("List: %q", got)
	}
}

func TestFindLeavesOutWhatIsNotTheProjects(t *testing.T) {
	got := project().Find(2, func(name string) bool { return strings.HasSuffix(name, "main.go") })
	if !slices.Equal(got, []string{"cmd/a/main.go", "cmd/b/main.go"}) {
		t.Errorf("got %q", got)
	}
}

func TestConfigureIsStrict(t *testing.T) {
	var c struct {
		Main string `json:"main"`
	}
	p := &Project{Config: json.RawMessage(`{"main":"./cmd/a"}`)}
	if err := p.Configure("go", &c); err != nil || c.Main != "./cmd/a" {
		t.Errorf("got %+v, %v", c, err)
	}
	p.Config = json.RawMessage(`{"mian":"x"}`)
	if err := p.Configure("go", &c); err == nil || err.Error() != `[plugins.go] config: unknown key "mian"` {
		t.Errorf("got %v", err)
	}
}

func TestPorts(t *testing.T) {
	listening := regexp.MustCompile(`listen\((\d+)\)`)
	if got := PortsIn("listen(80) listen(8080) listen(80) listen(70000)",
		listening).Expose(); !slices.Equal(got, []string{"80/tcp", "8080/tcp"}) {
		t.Errorf("got %q", got)
	}
	if err := (Ports{80, 65535}).Check("go"); err != nil {
		t.Error(err)
	}
	for _, port := range []int{0, -1, 65536} {
		if err := (Ports{80, port}).Check("go"); err == nil ||
			!strings.HasPrefix(err.Error(), "[plugins.go] config: ") {
			t.Errorf("%d: %v", port, err)
		}
	}
}
