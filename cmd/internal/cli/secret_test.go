package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// printing has services that print what nobody is to see, and short values that everybody may.
const printing = `services:
  web:
    image: busybox
    command: [sh, -c, "echo the token is ${API_TOKEN} and PORT 3000; exec sleep 1000"]
    environment: {API_TOKEN: "${API_TOKEN}", DATABASE: "postgres://u:${DB_PASSWORD}@db/x", WORDS: '%[1]s'}
    env_file: [web.env]
    configs: [{source: app, target: /app.conf}]
  job:
    image: busybox
    command: [sh, -c, "echo doing it with ${DB_PASSWORD}; %[2]s"]
configs: {app: {file: app.conf}}
`

// A printed is a project in memory, and all that was printed of it.
type printed struct {
	*testing.T
	world *deploytest.World
	dir   string
	all   strings.Builder
}

func (p *printed) write(name, text string) {
	p.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
}

// davit runs davit with environments in memory, and returns what it printed.
func (p *printed) davit(code int, args ...string) string {
	p.Helper()
	var out, errs bytes.Buffer
	got := cli.Main(cli.Process{
		Name: "davit", Args: args, Dir: p.dir, Environ: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir},
		Cache: filepath.Join(p.dir, ".cache"), Signals: signals,
		Streams: ui.NewStreams(strings.NewReader(""), &out, &errs, func(string) string { return "" }, time.Now),
		Engine:  func(runner.EngineRequest) runner.Engine { return nil },
		Backends: func(_ context.Context, r runner.EngineRequest, e release.Environment,
			secrets map[string]string) (deploy.Backend, error) {
			return p.world.Backend(e, deploytest.Options{Env: r.Env, Key: []byte("key"), Secrets: secrets}), nil
		},
	})
	if got != code {
		p.Fatalf("davit %v: exit code %d\n%s%s", args, got, &out, &errs)
	}
	p.all.WriteString(out.String() + errs.String())
	return out.String() + errs.String()
}

// TestNothingPrintedHasAValue: of generated values none is in what any command on an environment prints or
// records, in any usual form; short values, numbers and names of hosts stay.
func TestNothingPrintedHasAValue(t *testing.T) {
	t.Parallel()
	r, tried := rand.New(rand.NewPCG(3, 4)), 0
	for range 5 {
		p := &printed{T: t, world: deploytest.NewWorld(), dir: t.TempDir()}
		p.world.Engine("").AddImage("busybox", deploytest.Image{Content: "busybox"})
		var values []string
		for range 5 {
			values = append(values, word(r))
		}
		p.write(".env", fmt.Sprintf("API_TOKEN='%s'\nDB_PASSWORD='%s'\n", values[0], values[1]))
		p.write("web.env", fmt.Sprintf("CLIENT_SECRET='%s'\nPIN=3000\nREDIS_AUTH=db.example.com\n", values[2]))
		p.write("app.conf", fmt.Sprintf("level = info\nsmtp.password = %s\n", values[3]))
		p.write("project.toml", "[secret-names]\nadd = [\"WORDS\"]\n")
		p.commands(values[4])
		for _, value := range values {
			tried++
			for _, form := range secret.Forms(value) {
				if i := strings.Index(p.all.String(), form); i >= 0 {
					t.Fatalf("%q is printed: %s", form, p.all.String()[max(0, i-300):i+80])
				}
			}
		}
		if logs := p.davit(0, "logs", "dev", "web"); !strings.Contains(logs, "the token is *** and PORT 3000") {
			t.Errorf("logs %q", logs)
		}
		if out := p.davit(0, "exec", "dev", "web", "--", "echo", values[0]); out != values[0]+"\n" {
			t.Errorf("exec printed %q", out)
		}
	}
	t.Logf("%d values tried, %d held", tried, tried)
}

// TestLogsHideBrokenBase64: a value in base64 with the end of a line in it, before which another container prints.
func TestLogsHideBrokenBase64(t *testing.T) {
	t.Parallel()
	p := &printed{T: t, world: deploytest.NewWorld(), dir: t.TempDir()}
	p.world.Engine("").AddImage("busybox", deploytest.Image{Content: "busybox"})
	coded := base64.StdEncoding.EncodeToString([]byte("user:Zz9-secret-Word"))
	p.write("compose.yaml", fmt.Sprintf(`services:
  web: {image: busybox, command: [sh, -c, "echo begin; echo %s; echo %s; echo end; exec sleep 1000"], environment: {API_TOKEN: Zz9-secret-Word}}
  other: {image: busybox, command: [sh, -c, "echo begin; echo end; exec sleep 1000"]}
`, coded[:16], coded[16:]))
	p.davit(0, "deploy", "dev", "--yes")
	for _, options := range [][]string{nil, {"--json"}} {
		logs := p.davit(0, append([]string{"logs", "dev"}, options...)...)
		if strings.Contains(logs, coded[8:16]) || strings.Contains(logs, coded[16:24]) || strings.Count(logs, "end") != 2 || !strings.Contains(logs, "***") {
			t.Errorf("%s", logs)
		}
	}
}

// commands runs all commands on an environment, also after a deploy that fails.
func (p *printed) commands(value string) {
	p.Helper()
	p.write("compose.yaml", fmt.Sprintf(printing, value, "sleep 1000"))
	p.davit(0, "plan", "dev", "--json")
	p.davit(0, "plan", "dev", "-o", "plan.json")
	saved, err := os.ReadFile(filepath.Join(p.dir, "plan.json"))
	if err != nil {
		p.Fatal(err)
	}
	p.all.Write(saved)
	p.davit(0, "deploy", "dev", "--plan", "plan.json")
	p.world.Engine("").Set("shop-dev-web-1", "environment.API_TOKEN", "x")
	for _, command := range []string{"status", "diff", "inspect", "logs", "releases", "plan"} {
		p.davit(0, command, "dev")
		p.davit(0, command, "dev", "--json")
	}
	p.write("compose.yaml", fmt.Sprintf(printing, value+"2", "exit 3"))
	p.davit(1, "deploy", "dev", "--yes", "--json")
	p.davit(1, "deploy", "dev", "--yes")
	p.davit(0, "releases", "dev", "--json")
	p.davit(0, "heal", "dev", "--yes")
	p.davit(0, "env", "--json")
}

// word returns a value that the small shell of the memory takes for one word.
func word(r *rand.Rand) string {
	const all = `abcdefghXYZ0123456789%+.*~_!@/:?=[](){}<>|"\`
	value := []byte("Zq")
	for range 8 + r.IntN(16) {
		value = append(value, all[r.IntN(len(all))])
	}
	return string(value) + "x"
}
