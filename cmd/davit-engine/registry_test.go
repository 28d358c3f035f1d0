package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// registry starts a registry until the script ends, on a port that is the same when its container $REGISTRY
// is stopped and started again. It is on the network of the machine: the proxy of an old engine for a
// published port has been seen to lose an answer. Its address is ${REGISTRY_ADDRESS} in files: registry
// FILE... writes it there.
func registry(ts *testscript.TestScript, _ bool, files []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	at, name := l.Addr().String(), ts.Getenv("PROJECT")+"-registry"
	ts.Check(l.Close())
	dockerCmd(ts, "run", "-d", "--name", name, "--network", "host", "-e", "REGISTRY_HTTP_ADDR="+at,
		"registry:2")
	ts.Defer(func() { _ = exec.Command("docker", "rm", "-f", "-v", name).Run() })
	ts.Setenv("REGISTRY", name)
	ts.Setenv("REGISTRY_ADDRESS", at)
	for _, file := range files {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(strings.ReplaceAll(ts.ReadFile(file),
			"${REGISTRY_ADDRESS}", at)), 0o666))
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get("http://" + at + "/v2/"); err == nil {
			answer.Body.Close()
			return
		}
	}
	ts.Fatalf("the registry at %s does not answer", at)
}
