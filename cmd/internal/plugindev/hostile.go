package plugindev

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/davit-dev/davit/plugins"
)

// The answers about a hostile project.
const (
	AnswerPlan    = "plan"
	AnswerMessage = "message"
	AnswerNone    = "no match"
)

// LeftOut is the state of a project that this system cannot have.
const LeftOut = "left out"

// A Hostile is a project that no author of a plugin thinks of, made from a fixture, and how the plugin answered about it. A
// plugin answers with a plan that is valid or with a message to the user; whatever else it does is a fault.
type Hostile struct {
	// Name says what is odd about it: "erlang: gleam.toml is empty".
	Name string `json:"name"`
	// State is passed, failed or left out.
	State string `json:"state"`
	// Answer is plan, message or "no match".
	Answer string `json:"answer,omitempty"`
	// Reason is why it failed.
	Reason string `json:"reason,omitempty"`
}

// hostileProjects is how many projects a plugin is asked about at once.
const hostileProjects = 2

// testHostile asks a plugin about projects that no author thinks of.
func testHostile(ctx context.Context, h *plugins.Host, m *plugins.Module, cases []hostileCase) ([]Hostile, error) {
	all, errs := make([]Hostile, len(cases)), make([]error, len(cases))
	free := make(chan struct{}, hostileProjects)
	var group sync.WaitGroup
	for i, c := range cases {
		free <- struct{}{}
		group.Go(func() {
			all[i], errs[i] = c.test(ctx, h, m)
			<-free
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return all, errors.Join(errs...)
}

// test makes the project of a case and asks a plugin about it.
func (c hostileCase) test(ctx context.Context, h *plugins.Host, m *plugins.Module) (Hostile, error) {
	result := Hostile{Name: c.name}
	tmp, err := os.MkdirTemp("", "davit-plugin-")
	if err != nil {
		return result, err
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(tmp, projectFolder)
	if err := errors.Join(os.CopyFS(dir, os.DirFS(c.project)), c.change(dir)); err != nil {
		result.State, result.Reason = LeftOut, err.Error()
		return result, nil
	}
	a, err := ask(ctx, h, m, Question{Project: dir, Name: projectFolder, Config: c.config})
	return result.judged(a, err)
}

// judged adds the answer of a plugin.
func (r Hostile) judged(a *Answer, err error) (Hostile, error) {
	r.State = Passed
	_, isMessage := errors.AsType[*plugins.MessageError](err)
	fault, isFault := errors.AsType[*plugins.Error](err)
	switch {
	case isMessage:
		r.Answer = AnswerMessage
	case isFault:
		r.State, r.Reason = Failed, "the plugin "+fault.Reason
	case err != nil:
		return r, err
	case a.Plan.Match:
		r.Answer = AnswerPlan
	default:
		r.Answer = AnswerNone
	}
	return r, nil
}

// A hostileCase makes one such project from that of a fixture.
type hostileCase struct {
	name, project string
	config        json.RawMessage
	change        func(dir string) error
}
