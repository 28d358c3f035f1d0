package main

import (
	"crypto/rand"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/packagetest"
)

// The credentials of the private registries of packages.
const (
	npmToken       = "tok-npm-5b1f0c"
	pythonPassword = "pass-python-77e2"
	goPassword     = "pass-go-90ad4b"
)

// packageRegistries starts private registries of Python, npm and Go until the test ends, which containers
// reach. Their addresses are $PYTHON_AT, $NPM_AT and $GO_AT, and ${PYTHON_AT} in files; $CERTIFICATE is that of
// the last one. package-registries FILE... writes the addresses there.
func packageRegistries(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, files []string) {
		o := func(accepted string) packagetest.Options {
			return packagetest.Options{Listen: gateway() + ":0", Accepts: []string{accepted}}
		}
		python := packagetest.Python(t, o(packagetest.Basic("somebody", pythonPassword)),
			packagetest.PythonModule("mast", "1.0"))
		npm := packagetest.Node(t, o(packagetest.Bearer(npmToken)), packagetest.NodeModule("@team/rope", "1.0.0"))
		secure := o(packagetest.Basic("somebody", goPassword))
		secure.TLS = true
		module := "example.com/" + strings.ToLower(rand.Text()) // which no engine has in its cache
		golang := packagetest.Go(t, secure, packagetest.GoModule(module, "1.0.0"))
		values := []string{"NPM_TOKEN", npmToken, "PYTHON_PASSWORD", pythonPassword, "GO_PASSWORD", goPassword,
			"PYTHON_AT", at(python), "NPM_AT", at(npm), "GO_AT", at(golang), "CERTIFICATE", golang.Authority(),
			"GO_MODULE", module}
		var inFiles []string
		for i := 0; i < len(values); i += 2 {
			ts.Setenv(values[i], values[i+1])
			inFiles = append(inFiles, "${"+values[i]+"}", values[i+1])
		}
		for _, file := range files {
			text := strings.NewReplacer(inFiles...).Replace(ts.ReadFile(file))
			ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
		}
	}
}

// at returns the host and the port of a registry.
func at(s *packagetest.Server) string {
	_, at, _ := strings.Cut(s.URL, "://")
	return at
}

// gateway returns the address of this machine that containers reach.
func gateway() string {
	out, _ := exec.Command("docker", "network", "inspect", "bridge", "-f",
		"{{(index .IPAM.Config 0).Gateway}}").Output()
	if address := strings.TrimSpace(string(out)); address != "" {
		return address
	}
	return "127.0.0.1"
}

// nowhere fails if one of the credentials is in the output of the last command, in the cache of davit, or in
// the given files and folders.
func nowhere(ts *testscript.TestScript, _ bool, places []string) {
	for _, secret := range []string{npmToken, pythonPassword, goPassword} {
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
