package plugindev

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
)

// The files of a fixture, as those of package sdktest.
const (
	projectFolder = "project"     // the files that the plugin sees
	configFile    = "config.json" // its configuration
	planFile      = "plan.json"   // the plan that is expected
	messageFile   = "error.txt"   // or the message to the user that is
)

// The states of a fixture.
const (
	Passed  = "passed"
	Failed  = "failed"
	Written = "written"
)

// A Fixture is a folder with a project, and what the plugin answered about it.
type Fixture struct {
	Name string `json:"name"`
	// State is passed, failed or written.
	State string `json:"state"`
	// Reason is why it failed.
	Reason string `json:"reason,omitempty"`
	// Said is what the plugin wrote to standard error.
	Said string `json:"said,omitempty"`
	// File is the golden file that the answer was compared with, Want its content, and Got the answer.
	File string `json:"-"`
	Want []byte `json:"-"`
	Got  []byte `json:"-"`

	reads []string
	plan  *plan.Plan
}

// run asks the plugin about a fixture, and compares its answer with the golden file, or writes that.
func (f *Fixture) run(ctx context.Context, h *plugins.Host, m *plugins.Module, dir string, update bool) error {
	config, err := os.ReadFile(filepath.Join(dir, configFile))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if len(config) > 0 && !json.Valid(config) {
		return f.fail(configFile + " is not JSON")
	}
	a, err := ask(ctx, h, m, Question{Project: filepath.Join(dir, projectFolder), Name: "project", Config: config})
	if message, is := errors.AsType[*plugins.MessageError](err); is {
		return f.compare(dir, messageFile, []byte(message.Text+"\n"), update)
	}
	if plugin, is := errors.AsType[*plugins.Error](err); is {
		f.Said = plugin.Said
	}
	if err != nil {
		return f.fail(err.Error())
	}
	return f.check(dir, a, update)
}

// check compares an answer with the golden file. A fixture that matches nothing fails, since it proves nothing.
func (f *Fixture) check(dir string, a *Answer, update bool) error {
	f.Said, f.reads, f.plan = a.Said, a.Reads, a.Plan
	switch {
	case !a.Detected:
		return f.fail("no file of its project matches the globs of \"detect\", so that davit would not ask the plugin")
	case !a.Plan.Match:
		return f.fail("the plugin does not know its project: it answered \"match\": false")
	}
	text, err := a.Plan.Indented()
	if err != nil {
		return err
	}
	return f.compare(dir, planFile, text, update)
}

// compare compares an answer with a golden file, or writes that and removes the other one.
func (f *Fixture) compare(dir, name string, got []byte, update bool) (err error) {
	f.File, f.Got = filepath.Join(f.Name, name), got
	if f.Want, err = os.ReadFile(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
		return err
	}
	switch {
	case err == nil && bytes.Equal(f.Want, got):
		f.State = Passed
		return nil
	case !update:
		return f.fail("the answer differs from " + name)
	}
	f.State = Written
	other := map[string]string{planFile: messageFile, messageFile: planFile}[name]
	if err := os.Remove(filepath.Join(dir, other)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, name), got, 0o644)
}

func (f *Fixture) fail(reason string) error {
	f.State, f.Reason = Failed, reason
	return nil
}
