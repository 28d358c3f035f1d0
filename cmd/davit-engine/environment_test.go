package main

import (
	"crypto/rand"
	"os"
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// environments gives the project of a script a unique name, as ${PROJECT} in files: environments FILE...
// writes it there. When the script ends, everything of it is removed from the engine.
func environments(ts *testscript.TestScript, _ bool, files []string) {
	project := "t" + strings.ToLower(rand.Text()[:10])
	ts.Setenv("PROJECT", project)
	ts.Setenv("DOCKER_HOST", ts.Getenv("ENGINE"))
	for _, name := range files {
		text := strings.ReplaceAll(ts.ReadFile(name), "${PROJECT}", project)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o666))
	}
	ts.Defer(func() { tidy(project) })
}

// tidy removes everything that an engine has of the environments of a project.
func tidy(project string) {
	for _, environment := range []string{"dev", "staging", "production"} {
		filter := "label=com.docker.compose.project=" + project + "-" + environment
		removeContainers("--filter", filter)
		removeAll([]string{"network", "rm"}, "network", "ls", "-q", "--filter", filter)
		removeAll([]string{"volume", "rm", "-f"}, "volume", "ls", "-q", "--filter", filter)
	}
	removeContainers("--filter", "label=dev.davit.project="+project)
	removeAll([]string{"rmi", "-f"}, "images", "-q", "--filter", "label=dev.davit.project="+project)
	removeAll([]string{"rmi", "-f"}, "images", "--format", "{{.Repository}}:{{.Tag}}", "--filter",
		"reference=davit.local/"+project+"/*/*/*")
	removeAll([]string{"rmi", "-f"}, "images", "--format", "{{.Repository}}:{{.Tag}}", "--filter",
		"reference="+project+"-*")
}

// removeContainers kills containers and removes them: an engine before 24 may die of both in one.
func removeContainers(filter ...string) {
	removeAll([]string{"kill"}, append([]string{"ps", "-q"}, filter...)...)
	removeAll([]string{"rm", "-f", "-v"}, append([]string{"ps", "-aq"}, filter...)...)
}

// removeAll removes what docker lists.
func removeAll(remove []string, list ...string) {
	out, _ := exec.Command("docker", list...).Output()
	if ids := strings.Fields(string(out)); len(ids) > 0 {
		_ = exec.Command("docker", append(remove, ids...)...).Run()
	}
}

// exits runs a command that must end with a code: exits 4 davit deploy …
func exits(ts *testscript.TestScript, _ bool, args []string) {
	script := `want=$1; shift; "$@"; got=$?; test $got = $want || { echo "exit code $got, wanted $want" >&2; exit 1; }`
	ts.Check(ts.Exec("sh", append([]string{"-c", script, "sh"}, args...)...))
}
