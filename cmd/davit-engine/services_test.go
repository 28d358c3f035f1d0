package main

import (
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// left checks whether anything remains of the services that tests of the project have used.
func left(ts *testscript.TestScript, not bool, _ []string) {
	there := ephemeralResources(ts.Getenv("PROJECT"))
	if not && len(there) > 0 {
		ts.Fatalf("there is left: %v", there)
	}
	if !not && len(there) == 0 {
		ts.Fatalf("nothing is left")
	}
}

// ephemeralResources returns the names of the containers, networks and volumes of these services.
func ephemeralResources(project string) (all []string) {
	for _, list := range [][]string{{"ps", "-a", "--format", "{{.Names}}"},
		{"network", "ls", "--format", "{{.Name}}"}, {"volume", "ls", "--format", "{{.Name}}"}} {
		out, _ := exec.Command("docker", append(list, "--filter", "label=dev.davit.test")...).Output()
		for name := range strings.FieldsSeq(string(out)) {
			if strings.HasPrefix(name, project+"-test-") {
				all = append(all, name)
			}
		}
	}
	return all
}
