//go:build unix

package compose

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const oneService = "services: {a: {image: b}}\n"

// bombs are Compose files that are small and stand for much, or that nobody can read in one piece.
func bombs() map[string]string {
	all := map[string]string{
		"lists in lists":    oneService + "x-a: " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"maps in maps":      oneService + "x-a: " + strings.Repeat("{a: ", 100_000) + strings.Repeat("}", 100_000),
		"items in items":    oneService + "x-a:\n " + strings.Repeat("- ", 100_000) + "a\n",
		"a list in itself":  "x-a: &a [*a]\n" + oneService,
		"defaults in one":   "services: {a: {image: '" + strings.Repeat("${A:-", 5000) + "x" + strings.Repeat("}", 5000) + "'}}",
		"defaults unclosed": "services: {a: {image: '" + strings.Repeat("${A:-", 20_000) + "'}}",
		"many defaults":     "services: {a: {image: '" + strings.Repeat("${A:-${B:-c}}", 20_000) + "'}}",
	}
	all["levels"] = oneService + "x-a:\n"
	for i := range 1300 {
		all["levels"] += strings.Repeat(" ", i+1) + "a:\n"
	}
	laughs, pairs, merges, labels := "x-0: &x0 [lol]\n", "x-0: &x0 {a: 1}\n", "x-0: &x0 {a: 1}\n", "x-0: &x0 [lol]\n"
	for i := 1; i < 30; i++ {
		laughs += fmt.Sprintf("x-%d: &x%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 9))
		labels += fmt.Sprintf("x-%d: &x%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 9))
		pairs += fmt.Sprintf("x-%d: &x%d {b: *x%d, c: *x%d}\n", i, i, i-1, i-1)
		merges += fmt.Sprintf("x-%d: &x%d {<<: [*x%d, *x%d]}\n", i, i, i-1, i-1)
	}
	all["laughs"] = laughs + oneService
	all["laughs in use"] = labels + "services: {a: {image: b, command: *x29}}\n"
	all["pairs"] = pairs + "services: {a: {image: b, x-a: *x29}}\n"
	all["merges"] = merges + "services: {a: {image: b, labels: *x29}}\n"
	return all
}

// within are texts just within the bounds.
func within() map[string]string {
	return map[string]string{
		"many defaults": "services: {a: {image: '" + strings.Repeat("${A:-c}", maxVariables) + "'}}",
		"nested defaults": "services: {a: {image: '" + strings.Repeat(strings.Repeat("${A:-", maxDefaults)+"x"+
			strings.Repeat("}", maxDefaults), 20) + "'}}",
		"values": oneService + "x-a: [" + strings.Repeat("a, ", maxValues-100) + "]",
	}
}

func TestNoComposeFileTakesForEver(t *testing.T) {
	tried := 0
	for title, text := range bombs() {
		e := project(t, "-- compose.yaml --\n"+text)
		if err := loadSoon(t, title, e); err == nil || len(err.Error()) > 300 {
			t.Errorf("%s: %v", title, err)
		}
		tried++
	}
	for title, text := range within() {
		if err := loadSoon(t, title, project(t, "-- compose.yaml --\n"+text)); err != nil && title == "values" {
			t.Errorf("%s: %v", title, err)
		}
		tried++
	}
	t.Logf("%d Compose files tried, %d held", tried, tried)
}

// loadSoon loads a model, and fails the test if that does not end. An error says that nothing was changed.
func loadSoon(t *testing.T, title string, e release.Environment) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { _, err := Renderer{Environment: e, Keys: key}.Load(t.Context()); done <- err }()
	select {
	case err := <-done:
		if err != nil && !fault.ChangedNothing(err) {
			t.Errorf("%s: %T %v", title, err, err)
		}
		return err
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: it does not end", title)
	}
	return nil
}

// kinds make what is no file of a project at a path.
var kinds = map[string]func(name string) error{
	"a FIFO":         func(name string) error { return syscall.Mkfifo(name, 0o644) },
	"a device":       func(name string) error { return os.Symlink("/dev/zero", name) },
	"larger than":    func(name string) error { return errors.Join(os.WriteFile(name, nil, 0o644), os.Truncate(name, 10<<30)) },
	"it is a folder": func(name string) error { return os.Mkdir(name, 0o755) },
}

// readByCompose are the files that a Compose file leads to, each with a project that does.
var readByCompose = map[string]string{
	"compose.yaml":          "-- x --\n",
	"compose.override.yaml": "-- compose.yaml --\n" + oneService,
	".env":                  "-- compose.yaml --\n" + oneService,
	"included":              "-- compose.yaml --\ninclude: [included]\n" + oneService,
	"by-variable":           "-- compose.yaml --\ninclude: ['${NONE:-by-variable}']\n" + oneService,
	"of-include":            "-- compose.yaml --\ninclude: [{path: a.yaml, env_file: of-include}]\n" + oneService + "-- a.yaml --\n{}\n",
	"extended":              "-- compose.yaml --\nservices: {a: {extends: {file: extended, service: b}}}\n",
	"of-service":            "-- compose.yaml --\nservices: {a: {image: b, env_file: of-service}}\n",
	"by-merge":              "-- compose.yaml --\nx-a: &a {env_file: [{path: by-merge}]}\nservices: {a: {<<: *a, image: b}}\n",
	"by-alias":              "-- compose.yaml --\nx-a: &a [by-alias]\nservices: {a: {image: b, env_file: *a}}\n",
	"labels":                "-- compose.yaml --\nservices: {a: {image: b, label_file: labels}}\n",
	"of-variable":           "-- compose.yaml --\nservices: {a: {image: b, env_file: '${NONE:-of-variable}'}}\n",
	"content":               "-- compose.yaml --\nconfigs: {c: {file: content}}\nservices: {a: {image: b, configs: [c]}}\n",
	"secret":                "-- compose.yaml --\nsecrets: {c: {file: secret}}\nservices: {a: {image: b, secrets: [c]}}\n",
}

func TestWhatIsNoFileIsNotRead(t *testing.T) {
	tried := 0
	for name, archive := range readByCompose {
		for kind, create := range kinds {
			e := project(t, archive)
			if err := create(filepath.Join(e.Dir, name)); err != nil {
				t.Fatal(err)
			}
			if name == "compose.yaml" && kind != "larger than" {
				e.Compose = []string{name} // else it is none of the usual names
			}
			tried++
			err := loadSoon(t, name+" is "+kind, e)
			if err == nil && name == "compose.override.yaml" {
				continue // what is no file is no override
			}
			if err == nil || !strings.Contains(err.Error(), name) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("%s is %s: %v", name, kind, err)
			}
		}
	}
	t.Logf("%d files tried, %d held", tried, tried)
}

func TestAComposeFileOutsideIsNamedAndNotLinked(t *testing.T) {
	e := project(t, "-- sub/x --\n-- outside.yaml --\n"+oneService)
	e.Dir = filepath.Join(e.Dir, "sub")
	if err := os.Symlink("../outside.yaml", filepath.Join(e.Dir, "compose.yaml")); err != nil {
		t.Fatal(err)
	}
	err := loadSoon(t, "a link", e)
	if want := "compose.yaml: it is a link that leads out of the project"; err == nil || err.Error() != want {
		t.Errorf("got %v, wanted %s", err, want)
	}
	e.Compose = []string{"../outside.yaml"}
	if err := loadSoon(t, "a name", e); err != nil {
		t.Error(err)
	}
}
