package project

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

const full = `
convention = "gazr@1"
registry = "localhost:5000/team"
on = "auto"
hide = ["secrets/"]

[_]
schema-version = "0.2"
name = "shop"
version = "1.2.3"
licenses = [{ type = "MIT" }]

[io.buildpacks]
builder = "x"

[plugins.go]
config = { main = "./cmd/shop" }

[plugins.acme]
from = "./tools/acme.wasm"
grant = { env = ["ACME_TEAM"] }

[targets.generate]
summary = "Regenerate mocks"
run = "go generate ./..."
inputs = ["**/*.go"]
outputs = ["internal/mocks/"]

[targets.vet]
run = ["go", "vet", "./..."]

[targets.test-integration]
needs = ["generate"]

[targets.release]
run = "make release"
image = "golang:1.26"
secrets = { TOKEN = "npm", CREDENTIALS = { file = "cloud" } }
ssh = true

[secrets.npm]
env = "NPM_TOKEN"

[secrets.cloud]
file = "~/.config/cloud.json"

[cache]
registry = "registry.example.com/team/cache"
write = "always"

[secret-names]
add = ["*_SEED"]
not = ["SORT_KEY"]

[environments.dev]
replicas = { worker = 2 }
ignore = ["web.environment.LOG_LEVEL", "*.labels.*"]
confirm = false

[environments.production]
compose = ["compose.yaml", "compose.production.yaml"]
engine = "ssh://deploy@example.com"
require = "dev"
verify = ["smoke"]
timeout = 120
keep = 5

[image]
platforms = ["linux/amd64", "linux/arm/v7"]
scanner = "docker/buildkit-syft-scanner"
provenance = false
`

func TestParse(t *testing.T) {
	p, err := Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	if p.Descriptor != (Descriptor{Name: "shop", Version: "1.2.3"}) {
		t.Errorf("descriptor is %+v", p.Descriptor)
	}
	if s, ok := p.Targets["generate"].Step(); !ok || s.Op != plan.OpShell ||
		s.Script != "go generate ./..." || s.Outputs[0] != "internal/mocks/" {
		t.Errorf("generate is %+v", s)
	}
	if s, ok := p.Targets["vet"].Step(); !ok || s.Op != plan.OpExec || len(s.Argv) != 3 {
		t.Errorf("vet is %+v", s)
	}
	if _, ok := p.Targets["test-integration"].Step(); ok {
		t.Error("test-integration has a step of its own")
	}
	wanted := []plan.Secret{{ID: "cloud", File: "CREDENTIALS"}, {ID: "npm", Env: "TOKEN"}}
	if s, _ := p.Targets["release"].Step(); !slices.Equal(s.Secrets, wanted) || !s.SSH {
		t.Errorf("release is %+v", s)
	}
	if p.Secrets["npm"].Env != "NPM_TOKEN" || p.Secrets["cloud"].File != "~/.config/cloud.json" {
		t.Errorf("secrets are %+v", p.Secrets)
	}
	if names := p.SecretNames.Names(); !names.Has("my_seed") || names.Has("SORT_KEY") {
		t.Errorf("secret names are %+v", p.SecretNames)
	}
	if p.Cache.Write != "always" || p.Registry != "localhost:5000/team" || len(p.Image.Platforms) != 2 ||
		*p.Image.Provenance {
		t.Errorf("got %+v, %q, %+v", p.Cache, p.Registry, p.Image)
	}
	if e := p.Environments["production"]; len(e.Compose) != 2 || e.Timeout != 120 || e.Keep != 5 ||
		e.Require != "dev" || e.Verify[0] != "smoke" {
		t.Errorf("production is %+v", e)
	}
	if e := p.Environments["dev"]; e.Replicas["worker"] != 2 || *e.Confirm || len(e.Ignore) != 2 {
		t.Errorf("dev is %+v", e)
	}
	if p.Plugins["go"].Config["main"] != "./cmd/shop" || p.Plugins["acme"].Grant.Env[0] != "ACME_TEAM" {
		t.Errorf("plugins are %+v", p.Plugins)
	}
}

func TestParseLeavesABuildpacksDescriptorAlone(t *testing.T) {
	for _, text := range []string{
		"[_]\nschema-version='0.2'\n[io.buildpacks]\ngroup=[{id='x'}]\n",
		"[project]\nid='a'\n[build]\nexclude=['x']\n[[build.env]]\nname='A'\n[metadata]\nx=1\n",
	} {
		if _, err := Parse([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"[tragets.x]\nrun='a'":                                              `project.toml:1:2: unknown key "tragets"`,
		"on = 'cloud'":                                                      `project.toml:1:1: on = "cloud", wanted auto, host or container`,
		"[workspace]\nmembers=['a']":                                        `project.toml:1:2: [workspace] is not supported yet`,
		"[environments.dev]\ncomposes=['a']":                                `project.toml:2:1: unknown key "composes" in [environments.dev]`,
		"[environments.dev]\ncompose='a'":                                   `project.toml:2:9: "environments.dev.compose" has the wrong type: got string, wanted array of strings`,
		"[environments.Dev]":                                                `project.toml:1:2: "Dev" cannot be the name of an environment`,
		"[environments.dev]\n[environments.live]\nrequire='dve'":            `project.toml:3:1: require = "dve", which is not an environment`,
		"[secret-names]\nadd=['[']":                                         `project.toml:2:1: "[" in add is no name or glob of one`,
		"[secret-names]\nnames=['A']":                                       `project.toml:2:1: unknown key "names" in [secret-names]`,
		"[environments.dev]\ntimeout=-1":                                    `project.toml:2:1: timeout = -1, wanted seconds`,
		"[environments.dev]\n[targets.deploy]\nrun='a'":                     `project.toml:2:2: "deploy" is davit's own where there are [environments]`,
		"[environments.dev]\nkeep=-1":                                       `project.toml:2:1: keep = -1`,
		"[environments.dev]\nreplicas={web=-1}":                             `project.toml:2:1: replicas: "web" has -1`,
		"[environments.dev]\nignore=['web']":                                `project.toml:2:1: ignore: "web" is not a field of a service`,
		"[targets.x]\nsummary='a'":                                          `project.toml:1:2: target "x" has neither run nor needs`,
		"[targets.x]\nrun=3":                                                `project.toml:2:1: run of "x" is 3, wanted a string`,
		"[targets.x]\nrun=['a', 3]":                                         `project.toml:2:1: run of "x" is an array, wanted one of strings`,
		"[targets.x]\nrun='a'\neffect='b'":                                  `project.toml:3:1: effect = "b"`,
		"[targets.x]\nrun='a'\noutputs=['/']":                               `project.toml:1:2: target "x": outputs: "/" is an absolute path`,
		"[targets.x]\nrun='a'\ndir='../y'":                                  `project.toml:1:2: target "x": dir: "../y" leaves the project`,
		"[targets.targets]\nrun='a'":                                        `project.toml:1:2: "targets" cannot be the name of a target`,
		"[plugins.a]\nfrom='r.io/a'":                                        `project.toml:2:1: "r.io/a" is neither a .wasm file of the project nor a published plugin such as`,
		"registry='https://r.io/a'":                                         `project.toml:1:1: registry = "https://r.io/a" is an address`,
		"registry='r.io/A'":                                                 `project.toml:1:1: registry = "r.io/A" has upper case`,
		"[cache]\nwrite='ci'":                                               `project.toml:1:2: [cache] needs registry`,
		"[cache]\nregistry='r.io/c'\nwrite='yes'":                           `project.toml:3:1: write = "yes", wanted ci, always or never`,
		"[cache]\nregistry='r.io/c:1'":                                      `project.toml:2:1: registry = "r.io/c:1" has a tag`,
		"[image]\nplatforms=['arm64']":                                      `project.toml:2:1: platforms: "arm64" is not a platform`,
		"[image]\nplatform=['linux/arm64']":                                 `project.toml:2:1: unknown key "platform" in [image]`,
		"[secrets.a]":                                                       `project.toml:1:2: secret "a" needs either env`,
		"[secrets.a]\nenv='A'\nfile='b'":                                    `project.toml:1:2: secret "a" needs either env`,
		"[targets.x]\nrun='a'\nsecrets={A='b'}":                             `project.toml:3:1: secrets: there is no secret "b"`,
		"[secrets.b]\nenv='B'\n[targets.x]\nrun='a'\nsecrets={A={fle='b'}}": `project.toml:5:1: secrets: wanted A = "NAME"`,
		"[secrets.b]\nenv='B'\n[targets.x]\nrun='a'\nsecrets={'1'='b'}":     `project.toml:3:2: target "x": "1" is not the name of a variable`,
		"[plugins.a]\nfrom='../a.wasm'":                                     `project.toml:2:1: "../a.wasm" is not a path inside the project`,
	} {
		_, err := Parse([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("[targets.x]\nrun=['a']\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err == nil && p == nil {
			t.Error("no project and no error")
		}
	})
}
