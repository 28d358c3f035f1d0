package buildkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
)

// An imageUse is an image that a Dockerfile is built with, and the line that names it.
type imageUse struct {
	ref  string
	line int
}

// Bases returns the references of the images that an image is made with, each once, in the order in which
// they are named.
func (e *Engine) Bases(_ context.Context, root string, image plan.Image) ([]string, error) {
	if image.Dockerfile == "" {
		if image.Base == scratch {
			return nil, nil
		}
		return []string{image.Base}, nil
	}
	text, err := readDockerfile(root, image)
	if err != nil {
		return nil, err
	}
	all, err := bases(text, image, platforms.DefaultSpec())
	var refs []string
	for _, u := range all {
		if !slices.Contains(refs, u.ref) {
			refs = append(refs, u.ref)
		}
	}
	return refs, err
}

// readDockerfile reads the Dockerfile of an image from the disk.
func readDockerfile(root string, image plan.Image) ([]byte, error) {
	text, err := regular.ReadInside(root, image.Dockerfile, regular.Config)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.Preconditionf("", "there is no %q", image.Dockerfile)
	}
	return text, err
}

// scratch is the name of the empty image.
const scratch = "scratch"

// bases returns the images that a Dockerfile names in the stages that its target needs. The native platform
// is that of the engine.
func bases(text []byte, image plan.Image, native ocispecs.Platform) ([]imageUse, error) {
	file, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, withLine(image.Dockerfile, err)
	}
	stages, args, err := instructions.Parse(file.AST, nil)
	if err != nil {
		return nil, withLine(image.Dockerfile, err)
	}
	if len(stages) == 0 {
		return nil, fault.Preconditionf("", "%s has no FROM", image.Dockerfile)
	}
	f := finder{image: image, stages: stages, lex: shell.NewLex(file.EscapeToken), visited: map[int]bool{}}
	if frontend := externalFrontend(image, text); frontend != "" {
		f.found = append(f.found, imageUse{frontend, 1})
	}
	if err := f.setArgs(args, native); err != nil {
		return nil, withLine(image.Dockerfile, err)
	}
	start, err := f.target()
	if err == nil {
		err = f.visit(start)
	}
	slices.SortStableFunc(f.found, func(a, b imageUse) int { return a.line - b.line })
	return f.found, err
}

// withLine returns an error in a Dockerfile with the line of it.
func withLine(file string, err error) error {
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && line(at.Locations[0]) > 0 {
		return fault.Preconditionf("", "%s:%d: %v", file, line(at.Locations[0]), err)
	}
	return fault.Preconditionf("", "%s: %v", file, err)
}

// A finder visits the stages of a Dockerfile.
type finder struct {
	image   plan.Image
	stages  []instructions.Stage
	lex     *shell.Lex
	args    *llb.EnvList
	visited map[int]bool
	found   []imageUse
}

// setArgs sets the arguments that names of images may contain: those of the platform, those of the plan, and
// the defaults of the file.
func (f *finder) setArgs(args []instructions.ArgCommand, native ocispecs.Platform) error {
	f.args = &llb.EnvList{}
	for _, side := range []string{"BUILD", "TARGET"} {
		f.args = f.args.AddOrReplace(side+"PLATFORM", platforms.Format(native)).AddOrReplace(side+"OS",
			native.OS).
			AddOrReplace(side+"ARCH", native.Architecture).AddOrReplace(side+"VARIANT", native.Variant)
	}
	for _, command := range args {
		for _, arg := range command.Args {
			value, given := f.image.Args[arg.Key]
			if !given && arg.Value != nil {
				var err error
				if value, _, err = f.lex.ProcessWord(*arg.Value, f.args); err != nil {
					return parser.WithLocation(err, command.Location())
				}
			}
			if given || arg.Value != nil {
				f.args = f.args.AddOrReplace(arg.Key, value)
			}
		}
	}
	return nil
}

// target returns the index of the stage to build.
func (f *finder) target() (int, error) {
	if f.image.Target == "" {
		return len(f.stages) - 1, nil
	}
	if i, ok := instructions.HasStage(f.stages, f.image.Target); ok {
		return i, nil
	}
	var names []string
	for _, s := range f.stages {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	hint := ""
	if len(names) > 0 {
		hint = "its stages are " + strings.Join(names, ", ")
	}
	return 0, fault.Preconditionf(hint, "%s has no stage %q", f.image.Dockerfile, f.image.Target)
}

// visit finds the images of a stage and of the stages that it is made from.
func (f *finder) visit(i int) error {
	if f.visited[i] {
		return nil
	}
	f.visited[i] = true
	stage := f.stages[i]
	if replaced, ok := f.image.Contexts[stage.Name]; ok && stage.Name != "" {
		f.context(replaced, line(stage.Location))
		return nil
	}
	if err := f.from(stage.BaseName, f.stages[:i], stage.Location); err != nil {
		return err
	}
	for _, command := range stage.Commands {
		for _, from := range sourcesOf(command) {
			if err := f.from(from, f.stages[:i], command.Location()); err != nil {
				return err
			}
		}
	}
	return nil
}

// sourcesOf returns the stages and images that a command copies or mounts from.
func sourcesOf(command instructions.Command) (from []string) {
	switch c := command.(type) {
	case *instructions.CopyCommand:
		from = append(from, c.From)
	case *instructions.RunCommand:
		for _, m := range instructions.GetMounts(c) {
			from = append(from, m.From)
		}
	}
	return slices.DeleteFunc(from, func(name string) bool { return name == "" })
}

// from resolves a name to an earlier stage, a named context or an image.
func (f *finder) from(name string, above []instructions.Stage, at []parser.Range) error {
	expanded, _, err := f.lex.ProcessWord(name, f.args)
	if err != nil {
		return withLine(f.image.Dockerfile, parser.WithLocation(err, at))
	}
	if expanded == "" {
		return withLine(f.image.Dockerfile,
			parser.WithLocation(fmt.Errorf("no build argument says which image %q is", name), at))
	}
	if replaced, ok := f.image.Contexts[expanded]; ok {
		f.context(replaced, line(at))
		return nil
	}
	if i, ok := instructions.HasStage(above, expanded); ok {
		return f.visit(i)
	}
	if i, ok := stageByNumber(expanded, len(above)); ok {
		return f.visit(i)
	}
	if expanded != scratch {
		f.found = append(f.found, imageUse{expanded, line(at)})
	}
	return nil
}

// stageByNumber returns the stage that a number names.
func stageByNumber(name string, stages int) (i int, ok bool) {
	if _, err := fmt.Sscanf(name, "%d", &i); err != nil || fmt.Sprint(i) != name {
		return 0, false
	}
	return i, i >= 0 && i < stages
}

func (f *finder) context(where string, line int) {
	if ref, is := strings.CutPrefix(where, dockerImage); is {
		f.found = append(f.found, imageUse{ref, line})
	}
}

func line(at []parser.Range) int {
	if len(at) == 0 {
		return 0
	}
	return at[0].Start.Line
}
