package buildkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	"github.com/moby/buildkit/util/system"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/plugins/plan"
)

// An assembly is an image that consists of a base and copied files. The result is a function of these fields.
type assembly struct {
	image plan.Image
	// base is the reference for the engine, empty for none; config is the configuration of that image as
	// JSON.
	base   string
	config []byte
	// from has, for each of image.Copy, the folder to copy from.
	from     []llb.State
	platform ocispecs.Platform
	created  time.Time
	caps     *apicaps.CapSet
}

// state returns the file system: the base, and a layer for each copy. Where the exporter does not set the
// times of folders to which something was added, all copies are one layer, whose folders have their times.
func (a assembly) state() llb.State {
	if !a.setsAllTimes() {
		staged := llb.Scratch().Platform(a.platform)
		for i, c := range a.image.Copy {
			staged = staged.File(a.copy(a.from[i], c), llb.WithCustomName("[internal] "+copyLine(c)))
		}
		return a.baseState().File(llb.Copy(staged, "/", "/",
			a.copyOptions(&llb.CopyInfo{CopyDirContentsOnly: true})...), llb.WithCustomName(a.copyLines()))
	}
	state := a.baseState()
	for i, c := range a.image.Copy {
		state = state.File(a.copy(a.from[i], c), llb.WithCustomName(copyLine(c)))
	}
	return state
}

// setsAllTimes reports whether the exporter sets the times of all files and folders.
func (a assembly) setsAllTimes() bool { return a.supports(pb.CapSourceDateEpoch) }

// baseState returns the file system of the base.
func (a assembly) baseState() llb.State {
	if a.base == "" {
		return llb.Scratch().Platform(a.platform)
	}
	return llb.Image(a.base, llb.ResolveModePreferLocal, llb.Platform(a.platform),
		llb.WithCustomName("FROM "+a.image.Base))
}

// copy copies a file or the contents of a folder into the image. The copies belong to root, so that the
// program cannot change itself, and have the time of the commit. Neither the user who built them nor the
// umask shows. With an engine that is too old for that, modes stay as the step left them.
func (a assembly) copy(from llb.State, c plan.Copy) *llb.FileAction {
	info := &llb.CopyInfo{CopyDirContentsOnly: true, CreateDestPath: true}
	if a.supports(modeStrings) {
		info.Mode = &llb.ChmodOpt{ModeStr: "u=rwX,go=rX"}
	}
	return llb.Copy(from, path.Join("/", c.From), c.To, a.copyOptions(info)...)
}

func (a assembly) copyOptions(info *llb.CopyInfo) []llb.CopyOption {
	return []llb.CopyOption{info, llb.WithUser("0:0"), llb.WithCreatedTime(a.created)}
}

func (a assembly) supports(id apicaps.CapID) bool { return a.caps == nil || a.caps.Supports(id) == nil }

// copyLine returns a copy as a line of a Dockerfile.
func copyLine(c plan.Copy) string {
	if c.Of != "" {
		return fmt.Sprintf("COPY --from=%s %s %s", c.Of, c.From, c.To)
	}
	return fmt.Sprintf("COPY %s %s", c.From, c.To)
}

// imageConfig returns the configuration of the image, which is that of the base with the settings of the
// plan, and that of the base.
func (a assembly) imageConfig() (image, base dockerspec.DockerOCIImage, err error) {
	if len(a.config) > 0 {
		if err = json.Unmarshal(a.config, &base); err != nil {
			return image, base, fmt.Errorf("the configuration of %q cannot be read: %w", a.image.Base, err)
		}
	}
	image = base
	image.Created, image.Author = &a.created, ""
	image.Architecture, image.Variant, image.OS = a.platform.Architecture, a.platform.Variant, a.platform.OS
	image.RootFS.Type = "layers"
	image.History = slices.Clone(base.History)
	a.setConfig(&image.Config)
	image.History = append(image.History, a.history()...)
	return image, base, nil
}

// history returns an entry for each layer.
func (a assembly) history() (all []ocispecs.History) {
	lines := []string{a.copyLines()}
	if a.setsAllTimes() {
		lines = nil
		for _, c := range a.image.Copy {
			lines = append(lines, copyLine(c))
		}
	}
	for _, line := range lines {
		all = append(all, ocispecs.History{Created: &a.created, CreatedBy: line, Comment: "davit"})
	}
	return all
}

// copyLines returns all copies as one line.
func (a assembly) copyLines() string {
	var all []string
	for _, c := range a.image.Copy {
		all = append(all, copyLine(c))
	}
	return strings.Join(all, "; ")
}

// setConfig sets how a container starts. What the plan leaves out stays as in the base. But a plan with an
// entry point also replaces the command of the base, which was meant for the entry point of the base.
func (a assembly) setConfig(c *dockerspec.DockerOCIImageConfig) {
	p := a.image
	if len(p.Entrypoint) > 0 {
		c.Entrypoint, c.Cmd = p.Entrypoint, nil
	}
	if len(p.Cmd) > 0 {
		c.Cmd = p.Cmd
	}
	if p.User != "" {
		c.User = p.User
	}
	if p.Workdir != "" {
		c.WorkingDir = p.Workdir
	}
	c.Env = a.env(c.Env)
	c.ExposedPorts = maps.Clone(c.ExposedPorts)
	for _, port := range p.Expose {
		if c.ExposedPorts == nil {
			c.ExposedPorts = map[string]struct{}{}
		}
		c.ExposedPorts[withProtocol(port)] = struct{}{}
	}
	if h := p.Healthcheck; h != nil {
		c.Healthcheck = &dockerspec.HealthcheckConfig{
			Test: append([]string{"CMD"}, h.Argv...), Interval: seconds(h.Interval),
			Timeout: seconds(h.Timeout), StartPeriod: seconds(h.StartPeriod),
			Retries: h.Retries,
		}
	}
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// env returns the variables of the base in their order, followed by those of the plan, which replace
// variables of the same name.
func (a assembly) env(base []string) []string {
	all := slices.Clone(base)
	if !slices.ContainsFunc(all, func(e string) bool { return strings.HasPrefix(e, "PATH=") }) {
		all = append(all, "PATH="+system.DefaultPathEnv(a.platform.OS))
	}
	for _, name := range slices.Sorted(maps.Keys(a.image.Env)) {
		all = slices.DeleteFunc(all, func(e string) bool { return strings.HasPrefix(e, name+"=") })
		all = append(all, name+"="+a.image.Env[name])
	}
	return all
}

func withProtocol(port string) string {
	if strings.Contains(port, "/") {
		return port
	}
	return port + "/tcp"
}
