package packagetest

import (
	"crypto/rand"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The credentials of private registries. That of npm is a token, the others are passwords of "somebody".
const (
	NodeToken      = "tok-npm-5b1f0c"
	PythonPassword = "pass-python-77e2"
	GoPassword     = "pass-go-90ad4b"
)

// Private returns a command of scripts that starts private registries of Python, npm and Go, at a host, until the
// test ends. Variables have their addresses, PYTHON_AT, NPM_AT and GO_AT, their credentials, PYTHON_PASSWORD,
// NPM_TOKEN and GO_PASSWORD, the file of the certificate of the last one, CERTIFICATE, and the path of the module
// that it has, GO_MODULE. The command writes them into the given files, where they are ${NAME}.
//
// The other packages are mast 1.0 of Python and @team/rope 1.0.0 of npm.
func Private(t testing.TB, host string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, files []string) {
		module := "example.com/m" + strings.ToLower(rand.Text()) // which no cache has
		o := func(accepted string) Options {
			return Options{Listen: host + ":0", Accepts: []string{accepted}}
		}
		secure := o(Basic("somebody", GoPassword))
		secure.TLS = true
		python := Python(t, o(Basic("somebody", PythonPassword)), PythonModule("mast", "1.0"))
		node := Node(t, o(Bearer(NodeToken)), NodeModule("@team/rope", "1.0.0"))
		golang := Go(t, secure, GoModule(module, "1.0.0"))
		setVariables(ts, files, "PYTHON_AT", python.at(), "NPM_AT", node.at(), "GO_AT", golang.at(),
			"PYTHON_PASSWORD", PythonPassword, "NPM_TOKEN", NodeToken, "GO_PASSWORD", GoPassword,
			"CERTIFICATE", golang.Authority(), "GO_MODULE", module)
	}
}

// at returns the host and the port of a registry.
func (s *Server) at() string {
	_, at, _ := strings.Cut(s.URL, "://")
	return at
}

// Nowhere is a command of scripts that fails if a credential of a private registry is in the output of the last
// command, in the cache of davit, or in the given files and folders.
func Nowhere(ts *testscript.TestScript, _ bool, places []string) {
	for _, secret := range []string{NodeToken, PythonPassword, GoPassword} {
		for _, stream := range []string{"stdout", "stderr"} {
			if strings.Contains(ts.ReadFile(stream), secret) {
				ts.Fatalf("%s has %q", stream, secret)
			}
		}
		args := []string{"-rlF", secret, ts.Getenv("DAVIT_CACHE")}
		for _, place := range places {
			args = append(args, ts.MkAbs(place))
		}
		if out, _ := exec.Command("grep", args...).Output(); len(out) > 0 {
			ts.Fatalf("%q is in %s", secret, out)
		}
	}
}
