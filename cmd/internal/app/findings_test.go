package app

import (
	"testing"

	"github.com/davit-dev/davit/runner"
)

// Modules have test files of one name, and a frame of Java has the name alone.
func TestThePackageOfAFrameSettlesTheFile(t *testing.T) {
	project := &Project{files: []string{"a/src/test/java/a/CTest.java", "b/src/test/java/b/CTest.java"}}
	project.Root.Dir = t.TempDir()
	p := &places{project: project}
	s := p.scanner(runner.Step{})
	s.Add("java.lang.AssertionError: no\n\tat b.CTest.ok(CTest.java:5)\n")
	events := p.events(runner.Step{}, s.Findings())
	if len(events) != 1 || events[0].File != "b/src/test/java/b/CTest.java" {
		t.Errorf("got %+v", events)
	}
}
