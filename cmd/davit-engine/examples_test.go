package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// example copies an example into a folder, as a repository of its own, and changes into it.
func example(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.Mkdir(ts.MkAbs(args[0]), 0o777))
	ts.Check(ts.Chdir(args[0]))
	ts.Check(os.CopyFS(ts.MkAbs("."), os.DirFS(filepath.Join(examples, args[0]))))
	for _, built := range []string{"bin", "dist", "target", "node_modules"} {
		ts.Check(os.RemoveAll(ts.MkAbs(built)))
	}
	gitInit(ts, false, nil)
	removeImages(ts)
}

// removeImages removes the images of the commit when the script ends: each that stays costs an engine time whenever it
// lists any.
func removeImages(ts *testscript.TestScript) {
	c := exec.Command("git", "rev-parse", "HEAD")
	c.Dir = ts.MkAbs(".")
	commit, err := c.Output()
	ts.Check(err)
	ts.Defer(func() {
		removeAll([]string{"rmi", "-f"}, "images", "-q", "--filter",
			"label=org.opencontainers.image.revision="+strings.TrimSpace(string(commit)))
	})
}

var examples = func() string {
	dir, err := filepath.Abs("../../examples")
	if err != nil {
		panic(err)
	}
	return dir
}()

// onlyGit leaves git alone on PATH, without the toolchain of any stack.
func onlyGit(ts *testscript.TestScript, _ bool, _ []string) {
	git, err := exec.LookPath("git")
	ts.Check(err)
	dir := filepath.Join(ts.MkAbs("."), "..", "only-git")
	ts.Check(os.MkdirAll(dir, 0o777))
	ts.Check(os.Symlink(git, filepath.Join(dir, "git")))
	ts.Setenv("PATH", dir)
}

// answers starts an image, which must not run as root, and requests a path from its port 8080 until the
// answer contains a text.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	image, path, want := args[0], args[1], args[2]
	id := dockerCmd(ts, "run", "-d", "-p", "127.0.0.1::8080", image)
	defer dockerCmd(ts, "rm", "-f", id)
	serves(ts, false, []string{id, "8080/tcp", path, want})
	notRoot(ts, image)
}

// serves requests a path from a published port of a container until the answer contains a text: serves
// CONTAINER PORT PATH TEXT
func serves(ts *testscript.TestScript, _ bool, args []string) {
	id, path, want := args[0], args[2], args[3]
	address := dockerCmd(ts, "port", id, args[1])
	output := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if output = get("http://" + address + path); strings.Contains(output, want) {
			return
		}
	}
	ts.Fatalf("%s says %q, wanted %q in it; %s", id, output, want, dockerCmd(ts, "logs", id))
}

// sends sends a datagram to a published port of a container: sends CONTAINER PORT TEXT
func sends(ts *testscript.TestScript, _ bool, args []string) {
	c, err := net.Dial("udp", dockerCmd(ts, "port", args[0], args[1]))
	ts.Check(err)
	defer c.Close()
	_, err = c.Write([]byte(args[2]))
	ts.Check(err)
}

// notRoot checks that an image does not run as root.
func notRoot(ts *testscript.TestScript, image string) {
	if user := dockerCmd(ts, "image", "inspect", "-f", "{{.Config.User}}", image); user == "" ||
		strings.HasPrefix(user, "0") || user == "root" {
		ts.Fatalf("%s runs as %q", image, user)
	}
}

// prints runs an image, which must not run as root, and checks that its output contains a text: prints IMAGE
// TEXT ARGS...
func prints(ts *testscript.TestScript, _ bool, args []string) {
	notRoot(ts, args[0])
	if output := dockerCmd(ts, append([]string{"run", "--rm", args[0]},
		args[2:]...)...); !strings.Contains(output, args[1]) {
		ts.Fatalf("%s says %q, wanted %q in it", args[0], output, args[1])
	}
}

func dockerCmd(ts *testscript.TestScript, args ...string) string {
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		ts.Fatalf("docker %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func get(url string) string {
	response, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return fmt.Sprint(response.StatusCode, " ", string(body))
}
