package deploytest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
)

const jobbed = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {VERSION: %s}
    depends_on: {migrate: {condition: service_completed_successfully}}
    stop_grace_period: 0s
  migrate:
    image: IMAGE
    command: [sh, -c, "echo migrating %s; exit %d"]
`

func testJobs(s *subject) {
	s.compose(fmt.Sprintf(jobbed, "v1", "v1", 0))
	s.deploy()
	web, job := s.ids("web"), s.ids("migrate")
	s.compose(fmt.Sprintf(jobbed, "v2", "v2", 3))
	err := s.try(s.Context(), deploy.ApplyOptions{})
	s.expectError(err, "ended with exit code 3", "migrating v2")
	var lines interface{ Lines() []string }
	if !errors.As(err, &lines) || !slices.Contains(lines.Lines(), "migrating v2") {
		s.Errorf("the error does not have the last lines: %v", err)
	}
	if !slices.Equal(web, s.ids("web")) {
		s.Error("web was touched although the job before it has failed")
	}
	s.compose(fmt.Sprintf(jobbed, "v2", "v1", 0))
	s.deploy()
	if slices.Equal(web, s.ids("web")) || slices.Equal(job, s.ids("migrate")) {
		s.Error("a job that failed did not run again, or web was not replaced")
	}
	job = s.ids("migrate")
	s.compose(fmt.Sprintf(jobbed, "v3", "v1", 0))
	s.deploy()
	if !slices.Equal(job, s.ids("migrate")) {
		s.Error("a job that has not changed ran again")
	}
}

const single = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    stop_grace_period: 0s
  down:
    image: IMAGE
    command: [sh, -c, "echo going down; exit %d"]
    scale: 0
`

// testSingleJobs: a service of a release runs once, beside the others. One that has run and was not removed, as after a
// davit that was killed, does not run again.
func testSingleJobs(s *subject) {
	for _, exit := range []int{0, 3} {
		s.compose(fmt.Sprintf(single, exit))
		s.deploy()
		web := s.ids("web")
		err := s.b.RunJob(s.Context(), s.applied, "down", map[string]string{"TO": "1"}, deploy.ApplyOptions{})
		var lines interface{ Lines() []string }
		switch {
		case exit == 0 && err != nil:
			s.Error(err)
		case exit != 0 && (!errors.As(err, &lines) || !slices.Contains(lines.Lines(), "going down")):
			s.Errorf("error %v", err)
		}
		first := s.ids("down")
		_ = s.b.RunJob(s.Context(), s.applied, "down", nil, deploy.ApplyOptions{})
		if again := s.ids("down"); len(first) != 1 || len(again) != 1 || (first[0] == again[0]) != (exit == 0) {
			s.Errorf("with exit code %d the container was %q, and is %q", exit, first, again)
		}
		s.must(s.b.RemoveJobs(s.Context(), []string{"down"}))
		if len(s.ids("down")) > 0 || !slices.Equal(web, s.ids("web")) {
			s.Error("its container stayed, or another one did not")
		}
	}
	s.must(s.b.RemoveJobs(s.Context(), []string{"web"}))
	if len(s.ids("web")) > 0 {
		s.Error("a container was not removed")
	}
}
