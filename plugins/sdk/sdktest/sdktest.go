// Package sdktest tests a plugin natively: over folders of files, against golden plans.
//
//	func TestPlans(t *testing.T) { sdktest.Golden(t, read, "testdata") }
//
// Each folder testdata/NAME is a case. It holds project/, the files that the plugin sees; optionally
// config.json, its configuration, and env.json, the variables that it may read; and plan.json, the expected plan,
// or error.txt, the expected message. "go test -update" writes the last two.
package sdktest

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden runs the plugin on every case below dir. A case fails if davit would refuse its plan.
func Golden(t *testing.T, f sdk.Func, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != "fuzz" { // go test writes it when fuzzing fails
			t.Run(e.Name(), func(t *testing.T) { golden(t, f, filepath.Join(dir, e.Name())) })
		}
	}
}

func golden(t *testing.T, f sdk.Func, dir string) {
	config, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for name, value := range variables(t, dir) {
		t.Setenv(name, value)
	}
	p, err := Plan(f, os.DirFS(filepath.Join(dir, "project")), config)
	if err != nil {
		compare(t, filepath.Join(dir, "error.txt"), []byte(err.Error()+"\n"))
		return
	}
	data, err := p.Indented()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, filepath.Join(dir, "plan.json"), data)
	if err := p.Validate(); err != nil {
		t.Errorf("davit would refuse the plan: %v", err)
	}
	inFolder(t, f, filepath.Join(dir, "project"))
}

// variables returns what env.json of a case has.
func variables(t *testing.T, dir string) (all map[string]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "env.json"))
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatalf("env.json: %v", err)
	}
	return all
}

// inFolder fails the test if davit would refuse the plan of a project that has a case in a folder with a space in its name.
func inFolder(t *testing.T, f sdk.Func, project string) {
	files := fstest.MapFS{}
	err := filepath.WalkDir(project, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(project, name)
		files["my app/"+filepath.ToSlash(rel)] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := Plan(f, files, nil); err == nil && p.Match {
		if err := p.Validate(); err != nil {
			t.Errorf("davit would refuse the plan of the folder \"my app\": %v", err)
		}
	}
}

// Plan calls the plugin as davit does, for a project of the name "project".
func Plan(f sdk.Func, files fs.FS, config []byte) (*plan.Plan, error) {
	p, err := f(&sdk.Project{Project: plan.Project{Name: "project", Dir: "."}, Config: config, FS: files})
	if p == nil {
		p = &plan.Plan{}
	}
	p.API = plan.API
	return p, err
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)\ngot:\n%s", err, got)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it)\ngot:\n%s\nwanted:\n%s", name, got, want)
	}
}
