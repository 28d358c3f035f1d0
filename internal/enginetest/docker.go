package enginetest

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// SecondDockerHost is the variable with the address of a second Docker engine.
const SecondDockerHost = "DAVIT_TEST_SECOND_DOCKER_HOST"

// NoSecondDocker returns why there can be no second Docker engine on this machine, or "".
func NoSecondDocker() string {
	if os.Getenv(SecondDockerHost) != "" {
		return ""
	}
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		return "a second dockerd is started by root, on Linux; " + SecondDockerHost + " may name one"
	}
	for _, program := range []string{"dockerd", "unshare"} {
		if _, err := exec.LookPath(program); err != nil {
			return "a second Docker engine needs " + program + "; " + SecondDockerHost + " may name one"
		}
	}
	return ""
}

// SecondDocker returns the address of a second Docker engine without images, and a function that ends it. Its
// containers have no network except network_mode none.
//
// It runs in namespaces of its own. A dockerd with --bridge=none removes docker0 from its namespace, and with
// it the network of all containers of the machine.
func SecondDocker() (address string, end func(), err error) {
	if host := os.Getenv(SecondDockerHost); host != "" {
		return host, func() {}, nil
	}
	root, err := os.MkdirTemp("", "dockerd")
	if err != nil {
		return "", nil, err
	}
	in := func(name string) string { return filepath.Join(root, name) }
	address = "unix://" + in("docker.sock")
	c := exec.Command("unshare", "--net", "--mount", "--", "dockerd", "--data-root", in("data"),
		"--exec-root", in("exec"), "--pidfile", in("pid"),
		"-H", address, "--bridge=none", "--iptables=false", "--storage-driver=vfs")
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(root))
	}
	ended := make(chan struct{})
	go func() { c.Wait(); close(ended) }()
	end = func() {
		c.Process.Signal(syscall.SIGTERM)
		<-ended
		os.RemoveAll(root)
	}
	if err := waitForSocket(address, ended); err != nil {
		end()
		return "", nil, fmt.Errorf("%w: %s", err, log.String())
	}
	return address, end, nil
}

// waitForSocket waits until somebody listens at a socket, or the daemon has ended.
func waitForSocket(address string, ended <-chan struct{}) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	for deadline := time.After(60 * time.Second); ; {
		if _, err := os.Stat(u.Path); err == nil && listens(address) {
			return nil
		}
		select {
		case <-ended:
			return errors.New("the second dockerd has ended")
		case <-deadline:
			return errors.New("the second dockerd does not listen")
		case <-time.After(50 * time.Millisecond):
		}
	}
}
