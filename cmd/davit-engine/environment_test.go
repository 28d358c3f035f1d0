package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/records"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// environments gives the project of a script a unique name, as ${PROJECT} in files: environments FILE...
// writes it there. Containers without a health check are monitored for a second only. When the script ends,
// everything of it is removed from the engine.
func environments(ts *testscript.TestScript, _ bool, files []string) {
	project := "t" + strings.ToLower(rand.Text()[:10])
	ts.Setenv("PROJECT", project)
	ts.Setenv("DOCKER_HOST", ts.Getenv("ENGINE"))
	for _, name := range files {
		text := strings.ReplaceAll(ts.ReadFile(name), "${PROJECT}", project)
		text = declared.ReplaceAllString(text, "$0\nmonitor = 1")
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o666))
	}
	ts.Defer(func() { tidy(project) })
}

// declared matches the tables of environments.
var declared = regexp.MustCompile(`(?m)^\[environments\.[a-z0-9_-]+\]$`)

// mountRoot changes the Compose text of a release where the engine keeps it, as whoever can write to the engine
// may: mount-root ENV RELEASE mounts the root folder of the machine into its service web, and changes nothing
// else.
func mountRoot(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		ctx := context.Background()
		e := release.Environment{Project: ts.Getenv("PROJECT"), Name: args[0]}
		store := records.New(images.New(enginetest.Client(t), nil), e)
		all, err := store.List(ctx, history.ReleaseRecord)
		ts.Check(err)
		for _, d := range all {
			if strconv.Itoa(d.Number) != args[1] {
				continue
			}
			text, err := store.Read(ctx, d)
			ts.Check(err)
			ts.Check(store.Delete(ctx, d))
			ts.Check(store.Write(ctx, d, withRoot(ts, text)))
		}
	}
}

// withRoot returns a record whose text has one more mount.
func withRoot(ts *testscript.TestScript, record []byte) []byte {
	var doc map[string]any
	ts.Check(json.Unmarshal(record, &doc))
	compose, err := base64.StdEncoding.DecodeString(doc["compose"].(string))
	ts.Check(err)
	var text map[string]any
	ts.Check(json.Unmarshal(compose, &text))
	web := text["services"].(map[string]any)["web"].(map[string]any)
	web["volumes"] = []any{map[string]any{"type": "bind", "source": "/", "target": "/host"}}
	doc["compose"], err = json.Marshal(text)
	ts.Check(err)
	changed, err := json.Marshal(doc)
	ts.Check(err)
	return changed
}

// exits runs a command that must end with a code: exits 4 davit deploy …
func exits(ts *testscript.TestScript, _ bool, args []string) {
	script := `want=$1; shift; "$@"; got=$?; test $got = $want || { echo "exit code $got, wanted $want" >&2; exit 1; }`
	ts.Check(ts.Exec("sh", append([]string{"-c", script, "sh"}, args...)...))
}
