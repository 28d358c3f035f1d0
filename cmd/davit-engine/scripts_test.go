package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/packagetest"
	"github.com/davit-dev/davit/internal/schematest"
	"github.com/davit-dev/davit/plugins/pluginstest"
)

// TestMain runs more tests at once than there are processors: they wait for containers most of the time.
func TestMain(m *testing.M) {
	flag.Set("test.parallel", "4") // before the flags are parsed, since the arguments may be those of davit
	testscript.Main(m, map[string]func(){"davit": main})
}

// TestScripts runs davit as its users do, with either engine: testdata/script/*.txtar, each in a folder of
// its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	enginetest.Each(t, func(t *testing.T, address string) {
		caches := t.TempDir()
		testscript.Run(t, testscript.Params{
			Dir:                 "testdata/script",
			RequireExplicitExec: true,
			Setup: func(e *testscript.Env) error {
				e.Setenv("ENGINE", address)
				e.Setenv("USER_HOME", os.Getenv("HOME"))
				// that of the process, also beside a BuildKit
				e.Setenv("DOCKER", os.Getenv("DOCKER_HOST"))
				// outside of the project, whose files count
				cache := filepath.Join(caches, filepath.Base(e.WorkDir))
				e.Setenv("DAVIT_CACHE", cache)
				e.Setenv("XDG_STATE_HOME", filepath.Join(caches, "state", filepath.Base(e.WorkDir)))
				e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
				// for scripts with a PATH of their own
				e.Setenv("DAVIT", filepath.Join(filepath.SplitList(e.Getenv("PATH"))[0], "davit"))
				return pluginstest.Link(cache)
			},
			Condition: func(name string) (bool, error) {
				must := os.Getenv("CI") == "true" // then what is missing fails
				switch name {
				case "second-engine":
					return must || enginetest.NoSecondDocker() == "", nil
				case "docker-command":
					_, err := exec.LookPath("docker")
					return must || err == nil, nil
				case "sshd":
					return must || sshd() != "", nil
				case "clang-wasi":
					return must || succeeds("echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c -o /dev/null -"), nil
				case "rust-wasip1":
					return must || succeeds(`test -d "$(rustc --print target-libdir --target wasm32-wasip1)"`), nil
				}
				return name == filepath.Base(t.Name()), nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"git-init": gitInit, "example": example, "only-git": onlyGit, "answers": answers, "validates": validates,
				"prints": prints, "serves": serves, "sends": sends,
				"environments": environments, "mount-root": mountRoot(t), "exits": exits, "left": left, "survives": survives, "twice": twice,
				"registry": registry, "package-registries": packagetest.Private(t, gateway()), "nowhere": packagetest.Nowhere,
				"second-engine": secondEngine,
				"tls-engine":    tlsEngine(t), "ssh-engine": sshEngine,
				"remove-stale-rules": func(*testscript.TestScript, bool, []string) { enginetest.RemoveStaleRules(t) },
			},
		})
	})
}

// succeeds reports whether a script of the shell exits with 0.
func succeeds(script string) bool { return exec.Command("sh", "-c", script).Run() == nil }

// gitInit makes the current folder a git repository in which every file is committed.
func gitInit(ts *testscript.TestScript, _ bool, _ []string) {
	for _, argv := range [][]string{
		{"git", "init", "-q"},
		{"git", "add", "-A"},
		{"git", "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-qm", "begin"},
	} {
		ts.Check(ts.Exec(argv[0], argv[1:]...))
	}
}

// validates checks standard output of the last command by a schema.
func validates(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(schematest.Validate(args[0], ts.ReadFile("stdout")))
}
