package compose

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// engineIsRemote reports whether the engine is on another machine. There a path of this one leads to
// something else or to nothing, of which an engine makes an empty folder.
func (s *source) engineIsRemote() bool { return s.env.Machine != "" }

// refuseLocalMounts refuses mounts of files of this machine on an engine that is on another one. An absolute
// path outside of the project is taken for one of the engine's.
func (s *source) refuseLocalMounts(ctx context.Context, p *types.Project) error {
	if !s.engineIsRemote() {
		return nil
	}
	written, err := s.mountSources(ctx)
	if err != nil {
		return s.explain(err)
	}
	for _, name := range p.ServiceNames() {
		for _, v := range p.Services[name].Volumes {
			if at := s.localPath(v.Source, written[name+v.Target]); at != "" &&
				v.Type == types.VolumeTypeBind {
				return s.errorAt(
					"services."+name+".volumes", s.notOnEngine(at), "put it into the image, or use a config")
			}
		}
	}
	for _, name := range sorted(p.Volumes) {
		if at := s.localPath(p.Volumes[name].DriverOpts["device"], ""); at != "" {
			return s.errorAt(
				"volumes."+name+".driver_opts", s.notOnEngine(at),
				"name a folder of the engine's machine, with its whole path")
		}
	}
	return nil
}

func (s *source) notOnEngine(at string) string {
	return fmt.Sprintf("%q is on this machine, and the engine is on another one, %q", at, s.env.Machine)
}

// localPath returns a path as a person would write it if it is one of this machine, and empty otherwise.
func (s *source) localPath(path, written string) string {
	if at := Relative(s.env.Dir, path); strings.HasPrefix(at, "./") {
		return at
	}
	if written != "" && !filepath.IsAbs(written) {
		return written
	}
	return ""
}

// mountSources returns the sources of mounts as the files have them, by the service and the path in its
// containers. In the model of a release all are relative to the project.
func (s *source) mountSources(ctx context.Context) (map[string]string, error) {
	sources := map[string]string{}
	if s.content != nil {
		return sources, nil
	}
	o, err := cli.NewProjectOptions(
		s.files,
		append(s.options(s.variables(nil)), cli.WithResolvedPaths(false),
			cli.WithoutEnvironmentResolution)...)
	if err != nil {
		return nil, err
	}
	p, err := o.LoadProject(ctx)
	if err != nil {
		return nil, err
	}
	for name, service := range p.Services {
		for _, v := range service.Volumes {
			if v.Type == types.VolumeTypeBind {
				sources[name+v.Target] = v.Source
			}
		}
	}
	return sources, nil
}
