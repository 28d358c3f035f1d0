package pipeline

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const action = "../../setup-davit"

// archiveName is the archive of this system, as releases name it.
var archiveName = "davit-" + runtime.GOOS + "-" + runtime.GOARCH

// TestSetUpFromARelease runs the script of setup-davit against a server with releases.
func TestSetUpFromARelease(t *testing.T) {
	server := releases(t)
	for version, want := range map[string]string{"": "davit of the archive", "v1.2.3": "and SHA256SUMS says", "v1.2.4": "says nothing of it", "v9.9.9": "404"} {
		bin := filepath.Join(t.TempDir(), "bin")
		out, path, err := setUp(t, "DAVIT_BIN="+bin, "DAVIT_RELEASES="+server.URL, "DAVIT_VERSION="+version)
		_, there := os.Stat(filepath.Join(bin, "davit-engine"))
		if ok := version == ""; ok != (err == nil) || ok != (there == nil) || ok != (path == bin+"\n") || !strings.Contains(out, want) {
			t.Errorf("%q: %v, PATH %q, davit-engine: %v\n%s", version, err, path, there, out)
		}
	}
}

// releases returns a server with a release: the newest one, and v1.2.3 whose archive is not what SHA256SUMS says.
func releases(t *testing.T) *httptest.Server {
	t.Helper()
	data := releaseArchive(t)
	sums := fmt.Sprintf("%x  other.tar.gz\n%x  %s.tar.gz\n", sha256.Sum256(nil), sha256.Sum256(data), archiveName)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/latest/download/SHA256SUMS", "/download/v1.2.3/SHA256SUMS":
			fmt.Fprint(w, sums)
		case "/latest/download/" + archiveName + ".tar.gz":
			w.Write(data)
		case "/download/v1.2.3/" + archiveName + ".tar.gz":
			w.Write(append(data, 0))
		case "/download/v1.2.4/SHA256SUMS":
			fmt.Fprintln(w, "x  y")
		case "/download/v1.2.4/" + archiveName + ".tar.gz":
			w.Write(data)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// TestSetUpByGo runs the script with a proxy that has the module.
func TestSetUpByGo(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("left out: ", err)
	}
	proxy := filepath.Join(t.TempDir(), "github.com/davit-dev/davit/@v")
	const mod = "module github.com/davit-dev/davit\n"
	program := "package main\n\nfunc main() { println(\"davit of the module\") }\n"
	for name, text := range map[string]string{"v1.2.3.info": `{"Version": "v1.2.3"}`, "v1.2.3.mod": mod, "list": "v1.2.3\n",
		"v1.2.3.zip": zipOf(t, map[string]string{"go.mod": mod, "cmd/davit/main.go": program, "cmd/davit-engine/main.go": program})} {
		write(t, filepath.Join(proxy, name), text)
	}
	bin := filepath.Join(t.TempDir(), "bin")
	modules := filepath.Join(t.TempDir(), "modules")
	out, path, err := setUp(t, "DAVIT_BIN="+bin, "DAVIT_FROM=go", "DAVIT_VERSION=v1.2.3", "GOFLAGS=-modcacherw", "GOMODCACHE="+modules,
		"GOPROXY=file://"+filepath.ToSlash(strings.TrimSuffix(proxy, "/github.com/davit-dev/davit/@v")), "GONOSUMDB=*", "GOWORK=off")
	if err != nil || path != bin+"\n" || !strings.Contains(out, "davit of the module") {
		t.Errorf("%v, PATH %q\n%s", err, path, out)
	}
}

func TestSetUpRefuses(t *testing.T) {
	if out, _, err := setUp(t, "DAVIT_FROM=elsewhere", "DAVIT_BIN="+t.TempDir()); err == nil || !strings.Contains(out, `from is "elsewhere"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestReleasesAreWhatIsInstalled compares the names with those that releases have.
func TestReleasesAreWhatIsInstalled(t *testing.T) {
	data, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{`name_template: "davit-{{ .Os }}-{{ .Arch }}"`, "formats: [tar.gz]", "wrap_in_directory: true",
		"name_template: SHA256SUMS, algorithm: sha256"} {
		if !strings.Contains(string(data), name) {
			t.Errorf(".goreleaser.yaml has no %q", name)
		}
	}
}

// setUp runs the script of setup-davit, and returns what it prints and what it adds to PATH.
func setUp(t *testing.T, env ...string) (out, path string, err error) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("left out: ", err)
	}
	added := filepath.Join(t.TempDir(), "path")
	cmd := exec.Command("sh", filepath.Join(action, "setup.sh"))
	cmd.Env = append(append(os.Environ(), "GITHUB_ACTION_PATH="+action, "GITHUB_PATH="+added), env...)
	printed, err := cmd.CombinedOutput()
	data, _ := os.ReadFile(added)
	return string(printed), string(data), err
}

// releaseArchive returns an archive as releases have it, whose programs are scripts.
func releaseArchive(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	for name, text := range map[string]string{"davit": "#!/bin/sh\necho davit of the archive\n", "davit-engine": "#!/bin/sh\n", "LICENSE": "x\n"} {
		if err := w.WriteHeader(&tar.Header{Name: archiveName + "/" + name, Mode: 0o755, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, text)
	}
	w.Close()
	zipped.Close()
	return b.Bytes()
}

// zipOf returns version v1.2.3 of the module as a proxy has it.
func zipOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create("github.com/davit-dev/davit@v1.2.3/" + name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, text)
	}
	w.Close()
	return b.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
