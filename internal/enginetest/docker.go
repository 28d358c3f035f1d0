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

// SecondDockerHost is the variable with the address of a Docker engine that is another one than that of Docker.
const SecondDockerHost = "DAVIT_TEST_SECOND_DOCKER_HOST"

// NoSecondDocker says why there can be no second Docker engine here; empty where there can.
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

// SecondDocker is the address of a second Docker engine, with no image in it, and what ends it. Its containers have no network but that
// of network_mode none.
//
// It lives in namespaces of its own. A dockerd that is told to have no bridge removes docker0 from the namespace that it is in, and with
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
	c := exec.Command("unshare", "--net", "--mount", "--", "dockerd", "--data-root", in("data"), "--exec-root", in("exec"), "--pidfile", in("pid"),
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
	if err := answering(address, ended); err != nil {
		end()
		return "", nil, fmt.Errorf("%w: %s", err, log.String())
	}
	return address, end, nil
}

// answering waits until somebody listens at a socket, or nobody will.
func answering(address string, ended <-chan struct{}) error {
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
