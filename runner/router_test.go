package runner_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// station is a place that notes what it is asked for. Its steps run as those of the project do.
type station struct {
	runner.Runner
	runner.Images
	name string
	log  *[]string
}

func (s station) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	versions := runner.Versions{}
	for _, step := range steps {
		*s.log = append(*s.log, s.name+" prepares "+step.ID)
		versions[step.ID] = s.name
	}
	return versions, nil
}

func (s station) Run(_ context.Context, step runner.Step, _ func(ui.Event)) runner.Result {
	*s.log = append(*s.log, s.name+" runs "+step.ID)
	return runner.Result{Status: ui.StatusOK}
}

func (s station) Close() error {
	*s.log = append(*s.log, s.name+" closes")
	return nil
}

func in(where runner.Where) func(*runner.Step) { return func(s *runner.Step) { s.Where = where } }

func TestPlacedRoutesEachStep(t *testing.T) {
	for name, c := range map[string]struct {
		steps []runner.Step
		want  string
	}{
		"both": {
			[]runner.Step{sh("a", ""), sh("b", "", in(runner.InContainer), needs("a")),
				sh("c", "", in(runner.OnHost), needs("b"))},
			"host prepares a, host prepares c, engine prepares a, engine prepares b, engine prepares c, host runs a, engine runs b, host runs c, engine closes",
		},
		"the host alone": {[]runner.Step{sh("a", "")}, "host prepares a, host runs a"},
	} {
		t.Run(name, func(t *testing.T) {
			var log []string
			places := runner.NewRouter(station{name: "host", log: &log}, station{name: "engine", log: &log})
			g, err := runner.NewGraph(c.steps)
			if err != nil {
				t.Fatal(err)
			}
			runner.Run(t.Context(), g, places, runner.Options{})
			if err := places.Close(); err != nil {
				t.Error(err)
			}
			check(t, "log", strings.Join(log, ", "), c.want)
		})
	}
}

func TestPlacedWithoutAnEngineIsASignToHandOver(t *testing.T) {
	var log []string
	places := runner.NewRouter(station{name: "host", log: &log}, nil)
	versions, err := places.Prepare(t.Context(),
		[]runner.Step{sh("a", ""), sh("b", "", in(runner.InContainer))})
	if fault, ok := errors.AsType[*runner.EngineError](err); !ok || fault.Step != "b" ||
		versions["a"] != "host" {
		t.Errorf("got %v, %v", versions, err)
	}
	if err := places.Close(); err != nil {
		t.Error(err)
	}
}

// contained are steps in containers of a station, remembered as davit does it.
func (p *project) contained(log *[]string, steps ...runner.Step) *ran {
	p.t.Helper()
	c, closeAll := p.partsIn(func(host runner.Runner) runner.Runner {
		return runner.NewRouter(host, station{name: "engine", log: log})
	})
	defer closeAll()
	r := &ran{}
	r.Summary = runner.Run(context.Background(), p.graph(steps), c, runner.Options{Jobs: 1, Events: r.event})
	if r.Err != nil {
		p.t.Fatal(r.Err)
	}
	return r
}

func TestASuccessInAContainerIsNotOneOnTheHost(t *testing.T) {
	p, log := newProject(t, "a"), []string{}
	s := sh("test", "true")
	check(t, "host", p.run(s).status(), "test=ok")
	s.Where = runner.InContainer
	check(t, "container", p.contained(&log, s).status(), "test=ok")
	check(t, "container again", p.contained(&log, s).status(), "test=cached")
	s.Where = runner.OnHost
	check(t, "host again", p.run(s).status(), "test=cached")
	s.Tool, s.ToolName = &plan.Tool{Check: []string{"echo", "1.0"}}, "sh"
	check(t, "places", strings.Join(p.why(s)["test"].Reasons, "; "),
		"place is host, was container; tool is sh 1.0, was engine")
}

// What a step leaves in the engine is neither looked for in the project nor stored, nor is it in the way of
// what others make.
func TestWorkThatStaysInTheEngine(t *testing.T) {
	p, log := newProject(t, "a"), []string{}
	deps := sh("deps", "", builds("made/"), provides("made/"), in(runner.InContainer), inside)
	build := sh("build", "", builds("made/out"), in(runner.InContainer), inside, needs("deps"))
	test := sh("test", "", in(runner.InContainer), needs("build"))
	check(t, "first", p.contained(&log, deps, build, test).status(), "deps=ok build=ok test=ok")
	check(t, "second", p.contained(&log, deps, build, test).status(), "deps=cached build=cached test=cached")
	if _, err := os.Stat(p.path("made")); !os.IsNotExist(err) {
		t.Errorf("it is in the project: %v", err)
	}
	p.put("a", "new")
	check(t, "changed", p.contained(&log, deps, build, test).status(), "deps=ok build=ok test=ok")
	build.Inside = false
	check(t, "asked for", p.contained(&log, deps, build, test).status(), "deps=cached build=ok test=ok")
}

func inside(s *runner.Step) { s.Inside = true }

// A step in a container cannot change the project: who else did meanwhile is not its fault.
func TestStepsInContainersAreNotGuarded(t *testing.T) {
	p, log := newProject(t, "a").git(), []string{}
	s := sh("test", "", in(runner.InContainer))
	write := sh("write", "echo x > a", builds("b"), needs("test"))
	r := p.contained(&log, s, write)
	check(t, "status", r.status(), "test=ok write=ok")
	if w := r.warnings(); !slices.ContainsFunc(w,
		func(text string) bool { return strings.Contains(text, "it changed a") }) {
		t.Errorf("the host is not guarded: %q", w)
	}
}

// The images of a run are those that it published or, where it published none, those that it made.
func TestTheImagesOfARun(t *testing.T) {
	image := runner.Step{ID: "image", Effect: runner.Builds,
		Plan: plan.Step{Op: plan.OpImage, Image: &plan.Image{Base: "scratch"}}}
	push := runner.Step{ID: "push", Effect: runner.Ships,
		Plan: plan.Step{Op: plan.OpPush, Needs: []string{"image"}}}
	for want, steps := range map[string][]runner.Step{"image@1": {image}, "push@1": {image, push},
		"": {sh("test", "")}} {
		g, err := runner.NewGraph(steps)
		if err != nil {
			t.Fatal(err)
		}
		r := &ran{}
		s := runner.Run(t.Context(), g, shipper{}, runner.Options{Events: r.event})
		check(t, "summary", strings.Join(s.Images, " "), want)
		check(t, "end", strings.Join(r.events[len(r.events)-1].Images, " "), want)
	}
}

// shipper is a Runner whose steps make images by their names.
type shipper struct{}

func (shipper) Prepare(context.Context, []runner.Step) (runner.Versions, error) { return nil, nil }

func (shipper) Run(_ context.Context, s runner.Step, _ func(ui.Event)) runner.Result {
	return runner.Result{Status: ui.StatusOK, Image: s.ID + "@1"}
}
