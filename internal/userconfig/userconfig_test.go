package userconfig

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Each case is what a file of a user has, and what a step in a container gets of it.
func TestAStepGetsTheEntriesAboutRegistries(t *testing.T) {
	for _, c := range []struct {
		name       string
		keys       *regexp.Regexp
		text, want string
	}{
		{"npm", npmKeys(), `
# comment
prefix=/home/me/.npm-global
registry = https://npm.example.com/
@team:registry=https://team.example.com/
//team.example.com/:_authToken=${TEAM_TOKEN}
//npm.example.com/:always-auth=true
cafile=/etc/ca.pem
init-author-name=Me
`, `
registry = https://npm.example.com/
@team:registry=https://team.example.com/
//team.example.com/:_authToken=${TEAM_TOKEN}
//npm.example.com/:always-auth=true
cafile=/etc/ca.pem
`},
		{"pip", pipKeys(), `
[global]
require-virtualenv = true
index-url = https://me:secret@pypi.example.com/simple
extra_index_url:
    https://a.example.com/simple
    https://b.example.com/simple
cache-dir = /home/me/cache
[install]
user = true
  no-index = false
`, `
[global]
index-url = https://me:secret@pypi.example.com/simple
extra_index_url:
    https://a.example.com/simple
    https://b.example.com/simple
`},
		{"indented sections", pipKeys(), `
[list]
  format = columns
[global]
  index-url = https://a/simple
  format = columns
`, `
[global]
  index-url = https://a/simple
`},
		{"uv", uvKeys(), `
cache-dir = "/tmp/uv"
extra-index-url = [
"https://a.example.com/simple", # one [
  "https://b.example.com/simple",
]
python-preference = "system"
[[index]]
name = "one"
url = "https://one.example.com/simple"
default = true

[[index]]
name = "two"
url = "https://two.example.com/simple"

[pip]
index-url = "https://c/simple"
compile-bytecode = true
`, `
extra-index-url = [
"https://a.example.com/simple", # one [
  "https://b.example.com/simple",
]
[[index]]
name = "one"
url = "https://one.example.com/simple"
default = true
[[index]]
name = "two"
url = "https://two.example.com/simple"
[pip]
index-url = "https://c/simple"
`},
		{"poetry", poetryKeys(), `
[virtualenvs]
path = "/x"
[http-basic.team]
username = "me"
password = "secret"
[repositories]
[repositories.team]
url = "https://team.example.com"
`, `
[http-basic.team]
username = "me"
password = "secret"
[repositories.team]
url = "https://team.example.com"
`},
		{"pdm", pdmKeys(), "[pypi]\nurl = \"https://a/simple\"\n[venv]\nlocation = \"/x\"\n",
			"[pypi]\nurl = \"https://a/simple\"\n"},
		{"cargo", cargoKeys(), `
[build]
rustc-wrapper = "sccache"
[registries]
team = { index = "sparse+https://team.example.com/" }
[source.crates-io]
replace-with = "mirror"
[net]
git-fetch-with-cli = true
[registry]
global-credential-providers = ["cargo:libsecret"]
default = "team"
`, `
[registries]
team = { index = "sparse+https://team.example.com/" }
[source.crates-io]
replace-with = "mirror"
[net]
git-fetch-with-cli = true
[registry]
default = "team"
`},
		{"yarn", yarnKeys(), `
npmRegistryServer: "https://npm.example.com"
cacheFolder: /home/me/yarn
npmScopes:
  team:
    npmRegistryServer: "https://team.example.com"
    npmAuthToken: "${TEAM_TOKEN}"
unsafeHttpWhitelist:
- "*.example.com"
enableTelemetry: false
`, `
npmRegistryServer: "https://npm.example.com"
npmScopes:
  team:
    npmRegistryServer: "https://team.example.com"
    npmAuthToken: "${TEAM_TOKEN}"
unsafeHttpWhitelist:
- "*.example.com"
`},
		{"yarn 1", npmKeys(), "registry \"https://a/\"\n\"@team:registry\" \"https://b/\"\nlastUpdateCheck 1\n",
			"registry \"https://a/\"\n\"@team:registry\" \"https://b/\"\n"},
		{"bun", bunKeys(), `
telemetry = false
[install]
registry = { url = "https://npm.example.com", token = "$NPM_TOKEN" }
optional = true
[install.scopes]
team = "https://team.example.com"
`, `
[install]
registry = { url = "https://npm.example.com", token = "$NPM_TOKEN" }
[install.scopes]
team = "https://team.example.com"
`},
		{"git", gitKeys(), `
[user]
	name = Me
[url "https://me:secret@git.example.com/"]
	insteadOf = https://git.example.com/
[http "https://git.example.com/"]
	extraheader = Authorization: Basic abc
[core]
	fsmonitor = true
`, `
[url "https://me:secret@git.example.com/"]
	insteadOf = https://git.example.com/
[http "https://git.example.com/"]
	extraheader = Authorization: Basic abc
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(keep([]byte(c.text), c.keys))
			if want := strings.TrimPrefix(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if crlf := string(keep([]byte(strings.ReplaceAll(c.text, "\n", "\r\n")), c.keys)); crlf != got {
				t.Errorf("with other line ends:\n%s", crlf)
			}
		})
	}
}

func TestAddressesCountWithoutUser(t *testing.T) {
	for text, want := range map[string]string{
		"https://host/simple":                              "https://host/simple",
		"https://me:secret@host/simple":                    "https://host/simple",
		"https://token@host:8080":                          "https://host:8080",
		"https://me:s@crets@host/":                         "https://host/",
		"https://a/,https://me:secret@b|direct":            "https://a/,https://b|direct",
		"https://a|https://me:secret@b":                    "https://a|https://b",
		"team=https://me:x@a/simple https://me:y@b/simple": "team=https://a/simple https://b/simple",
		"me@example.com":                                   "me@example.com",
		"https://host/@team/name":                          "https://host/@team/name",
		"https://host?mail=me@example.com":                 "https://host?mail=me@example.com",
	} {
		if got := WithoutUser(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// What counts of a file has no credential in it, and all of them are hidden.
func TestCredentialsCountAsSet(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		hidden           []string
	}{
		{".npmrc", "registry=https://a/\n//a/:_authToken=tok-1\n//a/:username=me\n",
			"registry=https://a/\n//a/:_authToken=set\n//a/:username=set\n", []string{"tok-1"}},
		{".npmrc", "always-auth=true\n_auth=bWU6c2VjcmV0\n", "always-auth=true\n_auth=set\n",
			[]string{"bWU6c2VjcmV0", "secret"}},
		{"pip.conf", "index-url = https://me:p%40ss@a/simple", "index-url = https://a/simple", []string{"p%40ss", "p@ss"}},
		{"auth.toml", "[http-basic.a]\nusername = \"me\"\npassword = \"two words\"\n",
			"[http-basic.a]\nusername = set\npassword = set\n", []string{"two words"}},
		{"config.toml", `team = { index = "sparse+https://a/", token = "tok-1" }`,
			`team = { index = "sparse+https://a/", token = set }`, []string{"tok-1"}},
		{".yarnrc.yml", "npmAuthIdent: \"me:secret\"\nnpmAuthToken: tok-1\n", "npmAuthIdent: set\nnpmAuthToken: set\n",
			[]string{"me:secret", "tok-1"}},
		{".yarnrc", `"//a/:_authToken" tok-1`, `"//a/:_authToken" set`, []string{"tok-1"}},
		{".gitconfig", "[http]\n\textraheader = Authorization: Basic abc=\n", "[http]\n\textraheader = set\n",
			[]string{"Authorization: Basic abc="}},
		{"/home/me/.netrc", "machine a login me password secret\ndefault login you\n",
			"machine a login set password set\ndefault login set\n", []string{"secret"}},
		{"uv.toml", "token-file = 1\ntokenizer = \"x\"\n", "token-file = 1\ntokenizer = \"x\"\n", nil},
	} {
		if got := Counted(c.name, c.text); got != c.want {
			t.Errorf("of %q counts %q, want %q", c.text, got, c.want)
		}
		if got := credentials(c.name, c.text); !slices.Equal(got, c.hidden) {
			t.Errorf("%q hides %q, want %q", c.text, got, c.hidden)
		}
	}
}

// home writes the files of an archive, and returns a source that reads them. "$HOME" in variables is its folder.
func home(t *testing.T, archive string, env ...string) Source {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		file := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range env {
		env[i] = strings.ReplaceAll(env[i], "$HOME", dir)
	}
	return Source{Env: env, Home: dir, Project: filepath.Join(dir, "project"),
		Credential: func(name string) bool { return strings.HasSuffix(name, "TOKEN") || Credential(name) }}
}

func TestAStepGetsWhatItsPackageManagersRead(t *testing.T) {
	s := home(t, `
-- .npmrc --
registry=https://npm.example.com/
cafile=/does/not/exist.pem
//npm.example.com/:_authToken=${NPM_TOKEN}
-- .netrc --
machine pypi.example.com login me password hunter2
-- project/web/.npmrc --
//team.example.com/:_authToken=${TEAM}
@team:registry=${TEAM_REGISTRY}
-- .config/go/env --
GOPROXY=https://me:hunter3@go.example.com
GOMODCACHE=/home/me/mod
-- .cargo/credentials.toml --
[registries.my-team]
token = "tok-cargo"
-- ca.pem --
certificate
`, "NPM_TOKEN=tok-npm", "TEAM=tok-team", "TEAM_REGISTRY=https://team.example.com/", "OTHER=1",
		"PIP_INDEX_URL=https://me:hunter4@127.0.0.1:8080/simple", "PIP_CERT=$HOME/ca.pem", "PIP_CACHE_DIR=/home/me/pip",
		"GOPRIVATE=example.com")
	for _, c := range []struct {
		tools     []string
		variables map[string]string // what counts
		files     []string
		hidden    []string
		loopback  []string
	}{
		{[]string{"npm"}, map[string]string{"NPM_TOKEN": "set", "TEAM": "set",
			"TEAM_REGISTRY": "https://team.example.com/"}, []string{"~/.npmrc"}, []string{"tok-npm", "tok-team"}, nil},
		{[]string{"pip"}, map[string]string{"PIP_INDEX_URL": "https://127.0.0.1:8080/simple",
			"PIP_CERT": "/run/secrets/PIP_CERT"}, []string{"/run/secrets/PIP_CERT", "~/.netrc"},
			[]string{"hunter2", "hunter4"}, []string{"PIP_INDEX_URL"}},
		{[]string{"go"}, map[string]string{"GOPROXY": "https://go.example.com", "GOPRIVATE": "example.com"},
			[]string{"~/.netrc"}, []string{"hunter2", "hunter3"}, nil},
		{[]string{"cargo"}, map[string]string{"CARGO_REGISTRIES_MY_TEAM_TOKEN": "set",
			"CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS": "cargo:token"}, []string{"~/.netrc"},
			[]string{"hunter2", "tok-cargo"}, nil},
		{nil, map[string]string{}, nil, nil, nil},
	} {
		got := s.Read(c.tools, nil, ProjectFiles(c.tools, "web"))
		files := slices.DeleteFunc(slices.Sorted(maps.Keys(got.Files)),
			func(name string) bool { return strings.HasPrefix(name, "/etc/") }) // of the machine
		if !maps.Equal(got.Counted, c.variables) {
			t.Errorf("%v: of variables counts %q, want %q", c.tools, got.Counted, c.variables)
		}
		if !slices.Equal(files, c.files) || !slices.Equal(got.Hidden, c.hidden) || !slices.Equal(got.Loopback, c.loopback) {
			t.Errorf("%v: got files %q, hidden %q, loopback %q", c.tools, files, got.Hidden, got.Loopback)
		}
	}
}

func TestAVariableThatNamesNoFileEndsTheSearch(t *testing.T) {
	s := home(t, "-- .npmrc --\nregistry=https://a/\n-- .netrc --\nmachine a\n", "NPM_CONFIG_USERCONFIG=/dev/null",
		"NETRC=/does/not/exist", "PIP_CONFIG_FILE=/dev/null")
	if got := s.Read([]string{"npm"}, nil, nil); len(got.Files) > 0 {
		t.Errorf("got %q", got.Files)
	}
	got := s.Read([]string{"pip"}, nil, nil)
	if _, there := got.Files["~/.netrc"]; there || got.Variables["PIP_CONFIG_FILE"] != "/dev/null" {
		t.Errorf("got %q, %q", got.Files, got.Variables)
	}
}

// Another address is another id; another token is not.
func TestIDsSayWhatCounts(t *testing.T) {
	read := func(index, token string) Config {
		return home(t, "-- .npmrc --\n//a/:_authToken="+token+"\n", "NPM_TOKEN="+token, "npm_config_registry="+index).
			Read([]string{"npm"}, []string{"NPM_TOKEN"}, nil)
	}
	ids := func(c Config) string { return c.ScriptID() + " " + c.Files["~/.npmrc"].ID("~/.npmrc") }
	first := ids(read("https://me:one@a/", "tok-1"))
	if again := ids(read("https://you:two@a/", "tok-2")); again != first {
		t.Errorf("another token is %s, was %s", again, first)
	}
	if other := ids(read("https://b/", "tok-1")); other == first {
		t.Error("another address has the same id")
	}
	if strings.Contains(first, "tok-1") {
		t.Error("the id has the token in it")
	}
}

func TestTheScriptSetsAnyValue(t *testing.T) {
	variables := map[string]string{"B": "it's $HOME\n", "A": "x", "npm_config_//a/:_authToken": "no name"}
	want := "export A='x'\nexport B='it'\\''s $HOME\n'\n"
	if got := string(Script(variables)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestACacheNamesItsManager(t *testing.T) {
	got := Tools("go", "go-mod", "go-build", "pipenv", "yarn-berry", "")
	if want := []string{"go", "pip", "pipenv", "yarn"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
