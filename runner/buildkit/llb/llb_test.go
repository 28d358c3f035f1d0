package llb

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

var update = flag.Bool("update", false, "write the golden files anew")

const config = `{"architecture":"amd64","os":"linux","config":{"User":"nobody","Env":["PATH=/usr/local/go/bin:/bin","GOPATH=/go"],"WorkingDir":"/go"}}`

var amd64 = ocispecs.Platform{OS: "linux", Architecture: "amd64"}

func options() Options {
	return Options{
		Project: "checkout", Run: "this", Target: amd64, Native: amd64,
		Env: map[string]string{"PASSED": "caller", "NOT": "passed"},
		Images: map[string]Image{
			"golang:1.26": {Ref: "docker.io/library/golang:1.26@sha256:" + strings.Repeat("a", 64),
				Config: []byte(config)},
			"node:20": {Ref: "docker.io/library/node:20", Config: []byte(`{"config":{}}`)},
		},
	}
}

var everything = Source{Name: "project", Content: "sum-of-all"}

func exec(id string, argv []string, more ...func(*runner.Step)) runner.Step {
	s := runner.Step{
		ID: id, Effect: runner.Builds, Cacheable: true, ToolName: "go",
		Tool: &plan.Tool{Image: "golang:1.26"}, Plan: plan.Step{Op: plan.OpExec, Argv: argv},
	}
	for _, change := range more {
		change(&s)
	}
	return s
}

func with(change func(p *plan.Step)) func(*runner.Step) {
	return func(s *runner.Step) { change(&s.Plan) }
}

func needs(ids ...string) func(*runner.Step) { return with(func(p *plan.Step) { p.Needs = ids }) }

func outputs(names ...string) func(*runner.Step) {
	return with(func(p *plan.Step) { p.Outputs = names })
}

// Each case returns the last of some steps in LLB.
var cases = map[string]func(t *testing.T, g *Graph) llb.State{
	"alone": func(t *testing.T, g *Graph) llb.State {
		return add(t, g, exec("go:build", []string{"go", "build", "./..."}), everything).After
	},
	"needs-the-same-image": func(t *testing.T, g *Graph) llb.State {
		add(t, g, exec("go:deps", []string{"go", "mod", "download"}, outputs("vendor/")),
			Source{Name: "project-deps", Content: "sum-of-manifests"})
		return add(t, g, exec("go:build", []string{"go", "build"}, needs("go:deps")), everything).After
	},
	"needs-two": func(t *testing.T, g *Graph) llb.State {
		add(t, g, exec("go:gen", []string{"go", "generate"}, outputs("gen/", "api[1].go")), everything)
		node := func(s *runner.Step) { s.Tool = &plan.Tool{Image: "node:20"} }
		add(t, g, exec("node:deps", []string{"npm", "ci"}, node, outputs("node_modules/"),
			with(func(p *plan.Step) { p.Provides = &plan.Provides{Dir: "node_modules/"} })),
			Source{"project-npm", "sum-of-npm"})
		add(t, g, exec("node:build", []string{"npm", "run", "build"}, node, needs("node:deps"),
			outputs("dist/")), everything)
		return add(t, g, exec("go:build", []string{"go", "build"}, needs("go:gen", "node:build")),
			everything).After
	},
	"needs-nobody-knows-what": func(t *testing.T, g *Graph) llb.State {
		add(t, g, exec("go:a", []string{"a"}, outputs("a")), everything)
		add(t, g, exec("make:build", []string{"make"}), everything)
		return add(t, g, exec("go:build", []string{"go", "build"}, needs("go:a", "make:build")),
			everything).After
	},
	"independent": func(t *testing.T, g *Graph) llb.State {
		add(t, g, exec("go:vet", []string{"go", "vet"}), everything)
		return add(t, g, exec("go:test", []string{"go", "test"}), everything).After
	},
	"script": func(t *testing.T, g *Graph) llb.State {
		s := exec("own:x", nil, with(func(p *plan.Step) {
			p.Op, p.Argv, p.Script, p.Dir = plan.OpShell, nil,
				"echo \"$@\"\nls", "sub/dir"
		}))
		s.Args = []string{"-run", "Foo"}
		return add(t, g, s, everything).After
	},
	"environment": func(t *testing.T, g *Graph) llb.State {
		g.options.Proxy = llb.ProxyEnv{HTTPProxy: "http://proxy:3128"}
		return add(t, g, exec("go:test", []string{"./tools/x", "{report}"}, with(func(p *plan.Step) {
			p.Env, p.PassEnv, p.Path = map[string]string{"A": "1", "ARCH": "{os}/{arch}"}, []string{"PASSED",
				"ABSENT"}, []string{"node_modules/.bin"}
			p.Caches = []plan.Cache{{ID: "go-build", Env: "GOCACHE"}, {ID: "lint", Path: ".lint"}}
			p.Secrets = []plan.Secret{{ID: "npm", Env: "NPM_TOKEN"}, {ID: "pip", File: "PIP_CONFIG"}}
			p.SSH = true
		})), everything).After
	},
	"user-config": func(t *testing.T, g *Graph) llb.State {
		g.options.ProxyScript = "davit-proxy"
		s := exec("go:deps", []string{"go", "mod", "download"}, with(func(p *plan.Step) {
			p.PassEnv = []string{"PASSED"}
		}))
		s.UserConfig = runner.UserConfig{Script: "davit-variables-1", Variables: []string{"GOPROXY", "PASSED"},
			Files: map[string]string{"~/.netrc": "davit-file-1", "/etc/ca.pem": "davit-file-2"}}
		return add(t, g, s, everything).After
	},
	"report": func(t *testing.T, g *Graph) llb.State {
		s := exec("go:test", []string{"go", "test", "-o", "{report}"})
		s.Report = "/elsewhere/report.raw"
		return add(t, g, s, everything).Report
	},
	"report-printed": func(t *testing.T, g *Graph) llb.State {
		s := exec("go:test", []string{"go", "test", "-json"})
		s.Plan.Reports = []plan.Report{{Format: "go-test-json", Stdout: true}}
		s.Report = "/elsewhere/report.raw"
		return add(t, g, s, everything).Report
	},
	"report-printed-on-both": func(t *testing.T, g *Graph) llb.State {
		s := exec("go:test", []string{"cargo", "test"})
		s.Plan.Reports = []plan.Report{{Format: "libtest", Stdout: true}}
		s.Report = "/elsewhere/report.raw"
		return add(t, g, s, everything).Report
	},
	"check": func(t *testing.T, g *Graph) llb.State {
		add(t, g, exec("python:deps", []string{"pip"}, outputs(".venv/"),
			with(func(p *plan.Step) {
				p.Provides = &plan.Provides{Dir: ".venv/", Check: []string{"python3", "-c", "import x"}}
			})), everything)
		g.Skip("python:deps")
		return add(t, g, exec("python:test", []string{"pytest"}, needs("python:deps")), everything).After
	},
	"up-to-date": func(t *testing.T, g *Graph) llb.State {
		return add(t, g, exec("make:test", []string{"make", "test"}, with(func(p *plan.Step) {
			p.UpToDate = &plan.UpToDate{Argv: []string{"make", "-q", "test"}, Files: []string{"test", "a b"}, Hint: "\".PHONY: test\" helps"}
		}), func(s *runner.Step) { s.Effect = runner.Reads }), everything).After
	},
	"another-platform": func(t *testing.T, g *Graph) llb.State {
		g.options.Target = ocispecs.Platform{OS: "linux", Architecture: "arm64"}
		add(t, g, exec("go:cross", []string{"go", "build"}, outputs("bin/"),
			with(func(p *plan.Step) { p.Env = map[string]string{"GOARCH": "{arch}"} })), everything)
		return add(t, g, exec("go:native", []string{"strip", "bin/x"}, needs("go:cross")), everything).After
	},
	"not-kept": func(t *testing.T, g *Graph) llb.State {
		return add(t, g, exec("go:scan", []string{"govulncheck"},
			func(s *runner.Step) { s.Cacheable = false }), everything).After
	},
	"forced": func(t *testing.T, g *Graph) llb.State {
		g.options.Force = true
		return add(t, g, exec("go:build", []string{"go", "build"}), everything).After
	},
}

func add(t *testing.T, g *Graph, s runner.Step, source Source) *Node {
	t.Helper()
	n, err := g.Add(s, source)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDefinitions(t *testing.T) {
	for name, build := range cases {
		t.Run(name, func(t *testing.T) {
			got := render(t, build(t, NewGraph(options())))
			if again := render(t, build(t, NewGraph(options()))); again != got {
				t.Errorf("the same steps give other bytes:\n%s\n%s", got, again)
			}
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal([]byte(got), want) {
				t.Errorf("%s: got\n%s\nwanted\n%s", file, got, want)
			}
		})
	}
}

// A definition contains nothing of the caller's environment except the variables that a step passes on.
func TestADefinitionContainsNoEnvironment(t *testing.T) {
	n := add(t, NewGraph(options()), exec("a", []string{"a"}), everything)
	definition, err := n.After.Marshal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range definition.Def {
		if bytes.Contains(data, []byte("passed")) {
			t.Errorf("%q", data)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	for want, image := range map[string]string{
		`step "a" names no image to run in`:                      "",
		`step "a" runs in "ruby:3", which has not been resolved`: "ruby:3",
	} {
		_, err := NewGraph(options()).Add(exec("a", []string{"a"},
			func(s *runner.Step) { s.Tool = &plan.Tool{Image: image} }), everything)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, wanted %s", err, want)
		}
	}
}
