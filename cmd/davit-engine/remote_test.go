package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/enginetest"
)

// tlsEngine opens a door to the Docker engine that wants certificates, at $TLS_HOST, with those of a caller
// in the folder $TLS_CERTS.
func tlsEngine(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, _ []string) {
		ca := enginetest.NewAuthority(t)
		ts.Setenv("TLS_HOST", enginetest.TLSProxy(t, ts.Getenv("ENGINE"), ca.MutualTLS(t)))
		ts.Setenv("TLS_CERTS", ca.Folder(t))
	}
}

// sshd returns the path of the program, which insists on its whole path; empty where there is none, or where
// it could not let anybody in.
func sshd() string {
	path, err := exec.LookPath("sshd")
	if err != nil {
		path = "/usr/sbin/sshd"
	}
	if _, err := os.Stat(path); err != nil || os.Getuid() != 0 {
		return ""
	}
	return path
}

// sshEngine starts an sshd of this machine until the script ends, through which its Docker engine is at
// $SSH_HOST, with keys that only the script has, and writes that address into files: ssh-engine FILE...
func sshEngine(ts *testscript.TestScript, _ bool, files []string) {
	dir := ts.Getenv("DAVIT_CACHE") + "-ssh" // outside of the project, whose files count
	ts.Check(os.MkdirAll(dir, 0o700))
	for _, key := range []string{"host", "client"} {
		ts.Check(exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
			filepath.Join(dir, key)).Run())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	at, me := l.Addr().String(), who(ts)
	host, port, err := net.SplitHostPort(at)
	ts.Check(err)
	ts.Check(l.Close())
	put := func(name string, mode os.FileMode, format string, args ...any) {
		ts.Check(os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, format, args...), mode))
	}
	put("sshd_config", 0o600,
		"ListenAddress %s\nHostKey %s/host\nAuthorizedKeysFile %s/client.pub\nStrictModes no\nPermitRootLogin prohibit-password\n"+
			"PasswordAuthentication no\nPidFile none\nMaxStartups 100\nMaxSessions 100\nSetEnv PATH=%s DOCKER_HOST=%s\n",
		at, dir, dir, os.Getenv("PATH"), ts.Getenv("ENGINE"))
	put("config", 0o600,
		"Host *\nIdentityFile %s/client\nIdentitiesOnly yes\nBatchMode yes\nStrictHostKeyChecking no\nUserKnownHostsFile %s/known\nLogLevel ERROR\n",
		dir, dir)
	ssh, err := exec.LookPath("ssh")
	ts.Check(err)
	put("ssh", 0o700, "#!/bin/sh\nexec %s -F %s/config \"$@\"\n", ssh, dir)
	serve(ts, dir, at)
	ts.Setenv("SSH_PATH", dir)
	ts.Setenv("SSH_HOST", "ssh://"+me+"@"+host+":"+port)
	for _, file := range files {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(strings.ReplaceAll(ts.ReadFile(file), "${SSH_HOST}",
			ts.Getenv("SSH_HOST"))), 0o666))
	}
}

func who(ts *testscript.TestScript) string {
	me, err := user.Current()
	ts.Check(err)
	return me.Username
}

// serve starts the sshd and waits until it listens.
func serve(ts *testscript.TestScript, dir, at string) {
	if sshd() == "" {
		ts.Fatalf("there is no sshd, or this is not root")
	}
	ts.Check(os.MkdirAll("/run/sshd", 0o755))
	c := exec.Command(sshd(), "-D", "-e", "-f", filepath.Join(dir, "sshd_config"))
	log, err := os.Create(filepath.Join(dir, "log"))
	ts.Check(err)
	c.Stderr = log
	ts.Check(c.Start())
	ts.Defer(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		log.Close()
	})
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", at); err == nil {
			conn.Close()
			return
		}
	}
	text, _ := os.ReadFile(log.Name())
	ts.Fatalf("the sshd does not listen: %s", text)
}
