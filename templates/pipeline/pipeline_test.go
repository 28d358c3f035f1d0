package pipeline

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestQuotedIsReadAsItIsMeant(t *testing.T) {
	for _, text := range []string{"davit test", "", " x", "true", "1.20", "20", "a: b", "a:", "- a", "it's", "#", "{a}", "&a", "*",
		"a #b", "$HOME", "~", "null", "3.x", "1e3", "0x1f", "lts/*", ".5", "a, b", "[a]"} {
		for _, written := range []string{quoted(text), list([]string{text, text})} {
			var got any
			if err := yaml.Unmarshal([]byte("k: "+written), &got); err != nil {
				t.Errorf("%s: %v", written, err)
				continue
			}
			v := got.(map[string]any)["k"]
			if all, is := v.([]any); is && len(all) == 2 {
				v = all[1]
			}
			if v != text {
				t.Errorf("%s is %#v, want %q", written, v, text)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	go1, npm := []string{"go.sum"}, []string{"a/package-lock.json", "b/package-lock.json", "c/package-lock.json"}
	all := keys([]Cache{{"go-mod", "GOMODCACHE", go1}, {"go-build", "GOCACHE", go1}, {"npm", "npm_config_cache", npm}, {"none", "X", nil}})
	if len(all) != 2 || len(all[0].IDs) != 2 || len(all[1].Files) != 3 {
		t.Errorf("got %+v", all)
	}
	var many []Cache
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		many = append(many, Cache{name, strings.ToUpper(name), []string{name + ".lock"}})
	}
	if all := keys(many); len(all) != 1 || len(all[0].IDs) != 5 || len(all[0].Files) < 3 {
		t.Errorf("five caches are %+v", all)
	}
}

func TestSetups(t *testing.T) {
	for want, tool := range map[string]Tool{
		"actions/setup-go@v5 go-version-file: api/go.mod cache: false": {Name: "go", File: "api/go.mod"},
		"actions/setup-node@v4 node-version: '22'":                     {Name: "node", Version: "22"},
		"actions/setup-python@v5 python-version: '3.x'":                {Name: "python3"},
		"cd knots && rustup toolchain install":                         {Name: "cargo", File: "knots/rust-toolchain.toml"},
		"pipx install poetry":                                          {Name: "poetry"},
		"go install honnef.co/go/tools/cmd/staticcheck@latest":         {Name: "staticcheck", Install: "go install honnef.co/go/tools/cmd/staticcheck@latest"},
		"npm install --global --force corepack && corepack enable":     {Name: "pnpm"},
		"rustup toolchain install 1.80 --profile minimal --component clippy --component rustfmt && rustup default 1.80": {Name: "cargo", Version: "1.80"},
	} {
		all := setups([]Tool{tool, {Name: "make"}})
		if len(all) != 1 {
			t.Errorf("%+v: got %+v", tool, all)
			continue
		}
		if got := strings.TrimSpace(all[0].Uses + " " + strings.Join(all[0].With, " ") + all[0].Run); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestOnlyOwnFilesAreOwn(t *testing.T) {
	p := Pipeline{Check: "davit ci", Jobs: []Job{{Name: "test", Command: "davit test"}}}
	for _, s := range Systems {
		if !IsOwn(p.Render(s.Name)) {
			t.Errorf("%s: it is not", s.Name)
		}
	}
	for _, text := range []string{"", "name: ci\n", "# davit ci is great\n", "\n" + Mark("github"), Mark("gitlab") + " but mine\n", "# davit ci gitlab --write is how I began\n"} {
		if IsOwn(text) {
			t.Errorf("%q is", text)
		}
	}
}
