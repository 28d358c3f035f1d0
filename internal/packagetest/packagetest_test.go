package packagetest

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A toolCase is a tool that installs the package mast, which needs the package rope, from a registry. Its
// scripts find the address of the registry in $URL and the part behind the scheme in $AT.
type toolCase struct {
	tool     string
	start    func(testing.TB, Options, ...Package) *Server
	rope     Package
	mast     Package
	accepts  Options
	open     string
	private  string
	wantFile string
}

var toolCases = []toolCase{
	{
		tool: "python3", start: Python, accepts: Options{Accepts: []string{Basic("somebody", "secret")}},
		rope:     PythonModule("rope", "1.0"),
		mast:     Package{Name: "mast", Version: "2.0", Requires: []string{"rope>=1"}, Python: ">=3.2"},
		open:     "python3 -m pip download -qi $URL/simple/ mast",
		private:  "python3 -m pip download -qi http://somebody:secret@$AT/simple/ mast",
		wantFile: "rope-1.0-py3-none-any.whl",
	},
	{
		tool: "npm", start: Node, accepts: Options{Accepts: []string{Bearer("secret")}},
		rope:     NodeModule("@team/rope", "1.0.0"),
		mast:     Package{Name: "mast", Version: "2.0.0", Requires: []string{"@team/rope@^1.0.0"}},
		open:     "npm install --registry $URL/ mast",
		private:  "echo //$AT/:_authToken=secret >.npmrc; npm install --registry $URL/ mast",
		wantFile: "node_modules/@team/rope/index.js",
	},
	{
		tool: "go", start: Go, accepts: Options{Accepts: []string{Basic("somebody", "secret")}, TLS: true},
		rope: GoModule("example.com/rope", "1.0.0"),
		mast: Package{Name: "example.com/mast", Version: "1.2.0", Requires: []string{"example.com/rope@v1.0.0"},
			Files: map[string]string{"mast.go": "package mast\n\nimport _ \"example.com/rope\"\n"}},
		open: "go mod init x && GOPROXY=$URL go get example.com/mast",
		private: "echo machine $AT login somebody password secret >.netrc; chmod 600 .netrc\n" +
			"go mod init x && GOPROXY=$URL go get example.com/mast",
		wantFile: "go/pkg/mod/example.com/rope@v1.0.0/rope.go",
	},
	{
		tool: "cargo", start: Cargo, accepts: Options{Accepts: []string{"secret"}},
		rope: Crate("rope", "1.0.0"),
		mast: Package{Name: "mast", Version: "1.2.0", Requires: []string{"rope@^1"},
			Files: map[string]string{"src/lib.rs": ""}},
		open: "export CARGO_REGISTRIES_TEST_INDEX=sparse+$URL/" + vendor,
		private: "export CARGO_REGISTRIES_TEST_INDEX=sparse+$URL/ CARGO_REGISTRIES_TEST_TOKEN=secret " +
			"CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS=cargo:token" + vendor,
		wantFile: "x/vendor/rope/src/lib.rs",
	},
}

const vendor = "\ncargo init --name x x && cd x && cargo add --registry test mast && cargo vendor"

// TestToolsInstall asks each registry by its own tool, in the open, with credentials and without.
func TestToolsInstall(t *testing.T) {
	for _, c := range toolCases {
		t.Run(c.tool, func(t *testing.T) {
			t.Parallel()
			for _, program := range []string{"sh", c.tool} {
				if _, err := exec.LookPath(program); err != nil {
					t.Skip("left out: ", err)
				}
			}
			if out, found := c.install(t, c.start(t, Options{}, c.rope, c.mast), c.open); !found {
				t.Errorf("in the open: %s", out)
			}
			private := c.start(t, c.accepts, c.rope, c.mast)
			if out, found := c.install(t, private, c.private); !found {
				t.Errorf("with credentials: %s", out)
			}
			if out, found := c.install(t, private, c.open); found {
				t.Errorf("without credentials: %s", out)
			}
		})
	}
}

// install runs a script in an empty folder, and reports whether it made the file that is wanted.
func (c toolCase) install(t *testing.T, s *Server, script string) (string, bool) {
	t.Helper()
	dir := t.TempDir()
	_, at, _ := strings.Cut(s.URL, "//")
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "URL="+s.URL, "AT="+at, "GOPATH="+dir+"/go", "GOSUMDB=off",
		"GOFLAGS=-modcacherw", "GOMODCACHE=", "CARGO_HOME="+dir+"/cargo", "RUSTUP_HOME="+rustupHome(t),
		"PIP_NO_INPUT=1", "PIP_CACHE_DIR="+dir, "PIP_FIND_LINKS=", "SSL_CERT_FILE="+s.Authority())
	out, err := cmd.CombinedOutput()
	_, missing := os.Stat(dir + "/" + c.wantFile)
	return string(out), err == nil && missing == nil
}

// rustupHome returns the folder of the toolchains of this machine, which the home of a test lacks.
func rustupHome(t *testing.T) string {
	t.Helper()
	home, err := os.UserHomeDir()
	if set := os.Getenv("RUSTUP_HOME"); set != "" || err != nil {
		return set
	}
	return home + "/.rustup"
}

func TestAnArchiveDependsOnItsContentsOnly(t *testing.T) {
	for name, archive := range map[string]func(Package) string{
		"wheel": Package.wheel, "tarball": Package.Tarball, "module": Package.moduleZip, "crate": Package.crate,
	} {
		one, two := PythonModule("mast", "1.0"), PythonModule("mast", "2.0")
		if archive(one) != archive(one) || archive(one) == archive(two) {
			t.Errorf("%s: not the same bytes, or the same for another version", name)
		}
	}
}

func TestServer(t *testing.T) {
	s := Python(t, Options{}, PythonModule("mast", "1.0"))
	page := s.URL + "/simple/mast/"
	wantStatus(t, page, http.StatusOK)
	s.Remove("mast", "1.0")
	wantStatus(t, page, http.StatusNotFound)
	s.Add(PythonModule("mast", "2.0"))
	wantStatus(t, page, http.StatusOK)
	s.Down()
	wantStatus(t, page, 0)
	s.Up()
	wantStatus(t, page, http.StatusOK)
	if n := s.Count("/mast"); n != 4 || s.Requests()[1].Status != http.StatusNotFound {
		t.Errorf("%d requests are recorded: %v", n, s.Requests())
	}
}

func TestAStalledRequestWaits(t *testing.T) {
	s := Python(t, Options{}, PythonModule("mast", "1.0"))
	resume, answered := s.Stall(".whl"), make(chan bool)
	wantStatus(t, s.URL+"/simple/mast/", http.StatusOK)
	go func() {
		wantStatus(t, s.URL+"/files/mast-1.0-py3-none-any.whl", http.StatusOK)
		close(answered)
	}()
	for s.Count(".whl") == 0 {
		time.Sleep(time.Millisecond)
	}
	select {
	case <-answered:
		t.Error("it did not wait")
	case <-time.After(50 * time.Millisecond):
	}
	resume()
	<-answered
}

// wantStatus requests a page; 0 means that nobody answers.
func wantStatus(t *testing.T, url string, want int) {
	t.Helper()
	status := 0
	if r, err := http.Get(url); err == nil {
		r.Body.Close()
		status = r.StatusCode
	}
	if status != want {
		t.Errorf("the status is %d, not %d", status, want)
	}
}
