package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// survives deploys the next version of an environment, kills that davit at some moment, and has another one
// continue: survives deploy MOMENT, or survives rollback MOMENT. The moment is a pattern of a line that davit
// prints, or a time. Afterwards the environment must be right, and nothing else may be left.
func survives(ts *testscript.TestScript, _ bool, args []string) {
	operation, moment := args[0], args[1]
	version, image := next(ts), ts.Getenv("IMAGE")
	kill(ts, moment)
	if operation == "rollback" { // to the good one before that which stands
		version, image = ts.Getenv("BEFORE"), ts.Getenv("IMAGE_BEFORE")
	}
	output := davit(ts, operation, "dev")
	if ts.Getenv("LOCKED") != "" && !strings.Contains(output, "took over the lock of") {
		ts.Fatalf("killed at %s: the lock is not explained: %s", moment, output)
	}
	checkDeployed(ts, moment, version, image)
	checkNothingElse(ts, moment)
}

// next writes the Compose file of the next version, with the other of two images.
func next(ts *testscript.TestScript) string {
	for _, name := range []string{"VERSION", "IMAGE"} {
		before := map[string]string{"VERSION": "BEFORE", "IMAGE": "IMAGE_BEFORE"}[name]
		ts.Setenv(before, ts.Getenv("STANDS_"+name))
	}
	version, image := ts.Getenv("VERSION")+"i", ts.Getenv("OTHER")
	ts.Setenv("VERSION", version)
	ts.Setenv("OTHER", ts.Getenv("IMAGE"))
	ts.Setenv("IMAGE", image)
	text := strings.NewReplacer("${VERSION}", version, "${IMAGE}",
		image).Replace(ts.ReadFile("template.yaml"))
	ts.Check(os.WriteFile(ts.MkAbs("compose.yaml"), []byte(text), 0o666))
	return version
}

// kill starts a deploy and kills it at a moment. LOCKED says whether there is a lock then.
func kill(ts *testscript.TestScript, moment string) {
	c := command(ts, "deploy", "dev")
	out, in := io.Pipe()
	c.Stdout, c.Stderr = in, in
	ts.Check(c.Start())
	if after, err := time.ParseDuration(moment); err == nil {
		time.AfterFunc(after, func() { _ = c.Process.Kill() })
	}
	go func() {
		_ = c.Wait() // it is killed
		in.Close()
	}()
	pattern := regexp.MustCompile(moment)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		ts.Logf("killed: %s", lines.Text())
		if pattern.MatchString(lines.Text()) {
			_ = c.Process.Kill()
		}
	}
	ts.Setenv("LOCKED", dockerCmd(ts, "ps", "-aq", "--filter",
		"name=davit-lock-"+ts.Getenv("PROJECT")+"-dev"))
}

func command(ts *testscript.TestScript, args ...string) *exec.Cmd {
	c := exec.Command(ts.Getenv("DAVIT"), args...)
	c.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "DAVIT_CACHE", "XDG_STATE_HOME", "DOCKER_HOST", "GIT_CONFIG_GLOBAL"} {
		c.Env = append(c.Env, name+"="+ts.Getenv(name))
	}
	return c
}

// davit runs it, and returns all that it says.
func davit(ts *testscript.TestScript, args ...string) string {
	out, err := command(ts, args...).CombinedOutput()
	if err != nil {
		ts.Fatalf("davit %v: %v: %s", args, err, out)
	}
	return string(out)
}

// checkDeployed checks that a version runs and is healthy.
func checkDeployed(ts *testscript.TestScript, moment, version, image string) {
	var s struct {
		InSync  bool `json:"in_sync"`
		Healthy bool `json:"healthy"`
	}
	if text := davit(ts, "status", "dev", "--json"); json.Unmarshal([]byte(text), &s) != nil || !s.InSync ||
		!s.Healthy {
		ts.Fatalf("killed at %s: %s", moment, davit(ts, "status", "dev"))
	}
	want := dockerCmd(ts, "image", "inspect", "-f", "{{.Id}}", image) + " VERSION=" + version
	for _, id := range strings.Fields(dockerCmd(ts, "ps", "-q", "--filter",
		"label=com.docker.compose.project="+ts.Getenv("PROJECT")+"-dev")) {
		if is := dockerCmd(ts, "inspect", "-f", "{{.Image}} {{index .Config.Env 0}}", id); is != want {
			ts.Fatalf("killed at %s: a container is of %s, wanted %s", moment, is, want)
		}
	}
	ts.Setenv("STANDS_VERSION", version)
	ts.Setenv("STANDS_IMAGE", image)
}

// checkNothingElse checks that the engine has nothing of the environment but what its releases need.
func checkNothingElse(ts *testscript.TestScript, moment string) {
	project := ts.Getenv("PROJECT")
	ours := "label=com.docker.compose.project=" + project + "-dev"
	for _, c := range []struct {
		what string
		want int
		list []string
	}{
		{"containers", 4, []string{"ps", "-aq", "--filter", ours}},
		{"networks", 1, []string{"network", "ls", "-q", "--filter", ours}},
		{"volumes", 1, []string{"volume", "ls", "-q", "--filter", ours}},
		{"locks", 0, []string{"ps", "-aq", "--filter", "name=davit-lock-" + project}},
		{"images without a name", 0, []string{"images", "-q", "--filter", "dangling=true", "--filter",
			"label=dev.davit.project=" + project}},
	} {
		if got := strings.Fields(dockerCmd(ts, c.list...)); len(got) != c.want {
			ts.Fatalf("killed at %s: %d %s, wanted %d: %s", moment, len(got), c.what, c.want,
				dockerCmd(ts, "ps", "-a", "--filter", ours))
		}
	}
	releases := davit(ts, "releases", "dev", "--json")
	for _, tag := range strings.Fields(dockerCmd(ts, "images", "--format", "{{.Tag}}", "--filter",
		"reference=davit.local/"+project+"/dev/image/*")) {
		if !strings.Contains(releases, tag) {
			ts.Fatalf("killed at %s: the image %s is of no release: %s", moment, tag, releases)
		}
	}
	var all struct{ Releases []struct{ Number int } }
	ts.Check(json.Unmarshal([]byte(releases), &all))
	records := dockerCmd(ts, "images", "--format", "{{.Tag}}", "--filter",
		"reference=davit.local/"+project+"/dev/release")
	for _, r := range strings.Fields(records) {
		if !strings.Contains(fmt.Sprint(all), strings.TrimLeft(strings.Split(r, "-")[0], "0")) {
			ts.Fatalf("killed at %s: the record %s is of no release: %v", moment, r, all)
		}
	}
}
