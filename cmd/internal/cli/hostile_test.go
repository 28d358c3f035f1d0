package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// hostile are texts that mislead a reader, a terminal or a CI system where they are printed as they are.
var hostile = map[string]string{
	"sequences": "a\x1b[2J\x1b[1Ab\r\a\b\x00\x7f\x1b]0;title\x07\x1b]52;c;aGk=\x1b\\b\u009b2J\u009d0;x\u009c\u0085c",
	"invisible": "a\u202egro.live\u202c\u2066\u2069\u200e\u200f\u061c pay\u200bpal\ufeff\u00ad\u2060\u3164\U000e0041\U000e007f\u2800\ufe00b",
	"commands":  "::stop-commands::x ##[add-path]y ##vso[task.setvariable variable=z]b\n::add-mask::x\r::endgroup::\n\u2028##[endgroup]\u2029error: forged\nb",
}

// TestTextOfOthersIsHarmless puts the hostile texts into every place of a project from which davit prints, and
// runs every command that looks.
func TestTextOfOthersIsHarmless(t *testing.T) {
	t.Parallel()
	tried, said := 0, ""
	dir := hostileProject(t, hostile["commands"]+" "+hostile["sequences"]+" "+hostile["invisible"])
	for _, args := range looks {
		out, errs, _ := call(dir, args...)
		said += out + errs
		tried++
		checkHarmless(t, fmt.Sprint(args), out+errs)
	}
	for _, part := range []string{`\x1b]0;title`, `\u009b2J`, `\u202egro`, `pay\u200bpal`, `#\#[endgroup]`, `\n::add-mask`, `\u001b]0;title`} {
		if !strings.Contains(said, part) {
			t.Errorf("nothing says %q: %s", part, said)
		}
	}
	t.Logf("%d outputs of %d texts tried, %d held", tried, len(hostile), tried)
}

// looks are the commands that need no engine.
var looks = [][]string{
	{"-v"}, {"targets"}, {"targets", "--json"}, {"targets", "--color=always"}, {"explain", "build"}, {"explain", "build", "--json"},
	{"explain", "test"}, {"explain", "hostile", "-v"}, {"explain", "hostile", "--json"}, {"explain", "style"}, {"explain", "--ci"},
	{"explain", "--ci", "--json"}, {"--dry-run", "build", "test", "check"}, {"--dry-run", "hostile", "--color=always"},
	{"--dry-run", "hostile", "--json"}, {"hostile"}, {"hostile", "--json"}, {"hostile", "--quiet"}, {"no-such"}, {"no-such", "--json"},
	{"env"}, {"plan", "dev"}, {"status", "dev", "--json"}, {"--help"}, {"__complete", "--", "h"}, {"__complete", "--", ""},
	{"lock", "--check"}, {"config"},
}

// hostileProject returns a project with a text in each of its files.
func hostileProject(t *testing.T, bad string) string {
	t.Helper()
	dir := t.TempDir()
	linkPlugins(t, cacheOf(dir))
	line, quoted := oneLine(bad), jsonText(bad)
	writeFiles(t, dir, map[string]string{
		"project.toml": "[_]\nschema-version = \"0.2\"\nname = " + quoted + "\n\n[targets.hostile]\nsummary = " + quoted +
			"\nrun = " + jsonText(strings.ReplaceAll("false # "+bad+"\nexit 3", "\x00", "")) + "\n\n[environments.dev]\ncompose = [\"compose.yaml\"]\n",
		"package.json": `{"name": ` + quoted + `, "version": ` + quoted + `, "packageManager": ` + quoted + `, "scripts": {"build": ` +
			jsonText("echo "+bad) + `, ` + quoted + `: "x", "test": "x ` + strings.Trim(quoted, `"`) + `"}}`,
		"package-lock.json": `{"name": ` + quoted + `, "lockfileVersion": 3, "packages": {}}`,
		"go/go.mod":         "module example.com/" + strings.ReplaceAll(line, " ", "") + "\n\ngo 1.26\n\ntoolchain " + line + "\n",
		"go/main.go":        "package main\n\nfunc main() {}\n",
		"rust/Cargo.toml":   "[package]\nname = " + quoted + "\nversion = " + quoted + "\nedition = \"2021\"\n",
		"rust/src/main.rs":  "fn main() {}\n",
		"py/pyproject.toml": "[project]\nname = " + quoted + "\nversion = " + quoted + "\nrequires-python = " + quoted + "\n",
		"mk/Makefile":       "build: ## " + line + "\n\techo '" + line + "'\n\n" + line + ":\n\ttrue\n",
		"compose.yaml": "services:\n  web:\n    image: " + quoted + "\n    environment: {X: " + quoted + "}\n  " + quoted +
			":\n    image: busybox\n",
		".github/workflows/" + "ci.yml": "name: " + quoted + "\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: " + jsonText("go test "+bad) + "\n",
		"Justfile":                      line + ":\n  x\n",
	})
	file := "x" + strings.NewReplacer("/", "", "\x00", "").Replace(bad) + ".py" // where the system has such names
	_ = os.WriteFile(filepath.Join(dir, "py", file), nil, 0o666)
	commit(dir, bad)
	return dir
}

func oneLine(s string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "\x00", " ").Replace(s)
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// commit makes a repository of a folder, with a text in the name of its author, its message and its branch.
func commit(dir, bad string) {
	for _, argv := range [][]string{{"init", "-q", "-b", "main"}, {"config", "user.name", "Ann " + oneLine(bad)},
		{"config", "user.email", "ann@example.com"}, {"add", "-A"}, {"commit", "-qm", bad},
		{"checkout", "-qb", "x" + strings.Trim(oneLine(bad), ".")}} {
		c := exec.Command("git", argv...)
		c.Dir = dir
		_ = c.Run() // of some names there is no branch
	}
}

// jsonText returns a text as a string of JSON, which TOML and YAML read in the same way.
func jsonText(s string) string {
	data, _ := json.Marshal(s) // a string has always one
	return strings.ReplaceAll(string(data), "\x7f", `\u007f`)
}

// checkHarmless checks that each line of an output is one that text.Line leaves alone, but for the colours of
// davit and the output of steps behind "step | ".
func checkHarmless(t *testing.T, which, out string) {
	t.Helper()
	for line := range strings.SplitSeq(colors.Replace(out), "\n") {
		tabs := strings.ReplaceAll(line, "\t", " ") // of completion
		if again := text.Line(tabs); again != tabs {
			t.Errorf("%s: %q should be %q", which, line, again)
		}
	}
}

var colors = strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "",
	"\x1b[34m", "", "\x1b[35m", "", "\x1b[36m", "", "\x1b[92m", "", "\x1b[94m", "", "\x1b[95m", "", "\x1b[96m", "")

// TestTextOfEnvironmentsIsHarmless deploys projects with hostile texts to an engine in memory, lets somebody
// change what runs, and runs every command that shows it.
func TestTextOfEnvironmentsIsHarmless(t *testing.T) {
	t.Parallel()
	tried, said := 0, ""
	for name, bad := range hostile {
		e := newHostileEnvironment(t, bad)
		for _, args := range [][]string{
			{"plan", "dev"}, {"plan", "dev", "--json"}, {"deploy", "dev", "--yes"}, {"deploy", "dev", "--yes", "--json"}, {"change"},
			{"plan", "dev"}, {"env"}, {"env", "--json"}, {"status", "dev"}, {"status", "dev", "--json"}, {"status", "dev", "-v"},
			{"diff", "dev"}, {"diff", "dev", "--files"}, {"diff", "dev", "--json"}, {"inspect", "dev"}, {"inspect", "dev", "--tree"},
			{"inspect", "dev", "--json"}, {"releases", "dev", "-v"}, {"releases", "dev", "--json"}, {"logs", "dev", "--json"},
			{"logs", "dev", bad}, {"exec", "dev", "web", "-T", "nothing"}, {"open", "dev"}, {"heal", "dev", "--yes"}, {"rollback", "dev", "--yes"},
			{"lock"}, {"deploy", "dev", "--yes"}, {"destroy", "dev", "--yes", "--break-lock"},
		} {
			out := e.call(args...)
			said += out
			tried++
			checkHarmless(t, fmt.Sprint(name, " ", args), out)
		}
	}
	for _, part := range []string{"release 1 of dev is healthy", "environment.X", "Ann", "was killed after", "A /", "to replace"} {
		if !strings.Contains(said, part) {
			t.Errorf("nothing says %q: %s", part, said)
		}
	}
	t.Logf("%d texts tried, %d held", tried, tried)
}

// A hostileEnvironment is the environment dev of a project, on an engine in memory.
type hostileEnvironment struct {
	t        *testing.T
	dir, bad string
	world    *deploytest.World
	dev      release.Environment
}

func newHostileEnvironment(t *testing.T, bad string) *hostileEnvironment {
	e := &hostileEnvironment{t: t, dir: t.TempDir(), bad: bad, world: deploytest.NewWorld()}
	e.world.Engine("").AddImage("busybox", deploytest.Image{Content: "busybox"})
	writeFiles(t, e.dir, map[string]string{"compose.yaml": e.compose("1"),
		"project.toml": "[_]\nschema-version = \"0.2\"\nname = \"shop\"\n\n[environments.dev]\ncompose = [\"compose.yaml\"]\n"})
	commit(e.dir, bad)
	return e
}

func (e *hostileEnvironment) compose(version string) string {
	bad := strings.ReplaceAll(jsonText(strings.ReplaceAll(e.bad, "\x00", "")), "$", "$$")
	return "services:\n  web:\n    image: busybox\n    command: [sh, -c, " + strings.Replace(bad, `"`, `"echo `, 1) + "]\n    environment: {VERSION: \"" +
		version + "\", X: " + bad + "}\n    labels: {x: " + bad + "}\n    ports: [\"8080\"]\n"
}

// call runs davit, or changes what runs as somebody else would, and returns all that is printed.
func (e *hostileEnvironment) call(args ...string) string {
	switch args[0] {
	case "change":
		engine := e.world.Engine("")
		engine.Set("shop-dev-web-1", "environment.X", e.bad)
		engine.Write("shop-dev-web-1", "/"+e.bad, e.bad)
		engine.Write("shop-dev-web-1", "/file", e.bad)
		writeFiles(e.t, e.dir, map[string]string{"compose.yaml": e.compose("2")})
		return ""
	case "lock":
		e.world.Engine("").LeaveLock(e.dev, e.bad, e.bad)
		return ""
	}
	var out bytes.Buffer
	cli.Main(cli.Process{
		Name: os.Args[0], Args: args, Dir: e.dir, Environ: os.Environ(), Cache: cacheOf(e.dir), Signals: signals,
		Streams: ui.NewStreams(strings.NewReader(""), &out, &out, func(string) string { return "" }, e.world.Now),
		Backends: func(_ context.Context, _ runner.EngineRequest, dev release.Environment, _ map[string]string) (backend.Backend, error) {
			e.dev = dev
			return e.world.Backend(dev, deploytest.Options{Env: os.Environ(), Key: []byte("key")}), nil
		},
	})
	return out.String()
}
