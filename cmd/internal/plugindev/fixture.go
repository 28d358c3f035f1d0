package plugindev

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/plugins"
)

// The files of a fixture, as those of package sdktest.
const (
	projectFolder = "project"     // the files that the plugin sees
	configFile    = "config.json" // its configuration
	envFile       = "env.json"    // the variables that it may read, which the project grants
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

	config  json.RawMessage
	env     map[string]string
	answer  *Answer // nil for a message or a fault
	outcome string
}

// run asks the plugin about a fixture, and compares its answer with the golden file, or writes that.
func (f *Fixture) run(ctx context.Context, h *plugins.Host, m *plugins.Module, dir string, update bool) error {
	if err := f.read(dir); err != nil {
		return f.fail(err.Error())
	}
	a, err := ask(ctx, h, m, f.question(dir, f.env))
	f.outcome = outcome(a, err)
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

// read reads what the plugin is asked with.
func (f *Fixture) read(dir string) (err error) {
	if f.config, err = os.ReadFile(filepath.Join(dir, configFile)); err != nil && !os.IsNotExist(err) {
		return err
	}
	if len(f.config) > 0 && !json.Valid(f.config) {
		return errors.New(configFile + " is not JSON")
	}
	variables, err := os.ReadFile(filepath.Join(dir, envFile))
	switch {
	case os.IsNotExist(err):
		return nil
	case err != nil:
		return err
	case json.Unmarshal(variables, &f.env) != nil:
		return errors.New(envFile + " is no object of JSON with texts")
	}
	return nil
}

// question returns what the plugin is asked in an environment.
func (f *Fixture) question(dir string, env map[string]string) Question {
	q := Question{Project: filepath.Join(dir, projectFolder), Name: projectFolder, Config: f.config}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		q.Env = append(q.Env, name+"="+env[name])
	}
	return q
}

// outcome returns all that an answer says.
func outcome(a *Answer, err error) string {
	if err != nil {
		return err.Error()
	}
	text, err := a.Plan.Indented()
	if err != nil {
		return err.Error()
	}
	return string(text) + a.Said
}

// depends reports whether the answer is another one if a variable has another value.
func (f *Fixture) depends(ctx context.Context, h *plugins.Host, m *plugins.Module, dir, variable string) bool {
	env := maps.Clone(f.env)
	if env == nil {
		env = map[string]string{}
	}
	env[variable] += "davit"
	a, err := ask(ctx, h, m, f.question(dir, env))
	return outcome(a, err) != f.outcome
}

// check compares an answer with the golden file. A fixture that matches nothing fails, since it proves nothing.
func (f *Fixture) check(dir string, a *Answer, update bool) error {
	f.Said, f.answer = a.Said, a
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
