package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// TestGoInstallGivesADavitThatWorks makes the tree of a release, serves it as a module, and installs davit from there,
// as go install github.com/davit-dev/davit/cmd/davit@latest does. The plugins of the tree are those that its sources give.
func TestGoInstallGivesADavitThatWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds davit")
	}
	t.Parallel()
	source := filepath.Join(t.TempDir(), "source")
	run(t, ".", nil, "git", "clone", "-q", "--no-local", filepath.Join("..", ".."), source)
	run(t, source, nil, "make", "-s", "module")
	version := versionOf(t, source)
	bin := install(t, filepath.Join(source, "dist", "module"), version)
	project := filepath.Join("..", "..", "examples", "go-service")
	if out := run(t, project, nil, filepath.Join(bin, "davit"), "targets"); !strings.Contains(out, "Go module example.com/go-service") {
		t.Errorf("the installed davit has no plugins:\n%s", out)
	}
	if out := run(t, project, nil, filepath.Join(bin, "davit"), "--version"); !strings.HasPrefix(out, "davit "+version+" ") {
		t.Errorf("got %q, wanted the version of the module", out)
	}
	out, err := exec.Command(filepath.Join(bin, "davit"), "-C", project, "engine").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "hint: go install github.com/davit-dev/davit/cmd/davit-engine@"+version) {
		t.Errorf("%v, %s", err, out)
	}
}

// versionOf returns the version of the module that is made of a commit: go keeps what it knows of a module by that.
func versionOf(t *testing.T, source string) string {
	t.Helper()
	return "v0.0.1-test.g" + strings.TrimSpace(run(t, source, nil, "git", "rev-parse", "--short=12", "HEAD"))
}

// install installs davit from a tree as a version, through a module proxy of files, and returns the folder of the program.
func install(t *testing.T, tree, version string) (bin string) {
	t.Helper()
	root := t.TempDir()
	proxy := filepath.Join(root, "github.com", "davit-dev", "davit", "@v")
	if err := os.MkdirAll(proxy, 0o755); err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create(filepath.Join(proxy, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	m := module.Version{Path: "github.com/davit-dev/davit", Version: version}
	if err := zip.CreateFromDir(archive, m, tree); err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(tree, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		version + ".info": `{"Version":"` + version + `"}`, version + ".mod": string(manifest), "list": version + "\n",
	} {
		if err := os.WriteFile(filepath.Join(proxy, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bin = t.TempDir()
	run(t, bin, moduleEnv(t, root, bin, version), "go", "install", "github.com/davit-dev/davit/cmd/davit@latest")
	return bin
}

// moduleEnv returns the variables with which go finds davit at a proxy of files, and everything else where it does
// otherwise.
func moduleEnv(t *testing.T, proxy, bin, version string) []string {
	t.Helper()
	forget := func() {
		cache := strings.TrimSpace(run(t, ".", nil, "go", "env", "GOMODCACHE"))
		kept, _ := filepath.Glob(filepath.Join(cache, "cache", "download", "github.com", "davit-dev", "davit", "@v", version+".*"))
		for _, path := range append(kept, filepath.Join(cache, "github.com", "davit-dev", "davit@"+version)) {
			if err := os.RemoveAll(path); err != nil {
				t.Error(err)
			}
		}
	}
	forget()
	t.Cleanup(forget)
	usual := strings.TrimSpace(run(t, ".", nil, "go", "env", "GOPROXY"))
	return []string{"GOBIN=" + bin, "GOPROXY=file://" + proxy + "," + usual, "GONOSUMDB=github.com/davit-dev/davit",
		"GOFLAGS=-trimpath -modcacherw", "GOWORK=off"}
}

// run runs a command in a folder, with more variables, and returns what it prints.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}
