package buildkit

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/containerd/platforms"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// checkImage refuses a step with an image if it is known in advance that it would fail.
func (r *Runner) checkImage(ctx context.Context, s runner.Step) error {
	if s.Plan.Op == plan.OpPush {
		return r.checkPush(s)
	}
	layouts, err := r.conn.ExportsLayouts(ctx)
	if err != nil {
		return err
	}
	for _, check := range []func() error{
		func() error { return r.checkExport(layouts) },
		func() error { return r.checkDestination(ctx, s, layouts) },
		func() error { return r.checkSources(s) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkExport refuses platforms and attestations that the engine does not support.
func (r *Runner) checkExport(layouts bool) error {
	for _, p := range r.o.Image.Platforms {
		if _, err := platforms.Parse(p); err != nil {
			return fault.Preconditionf(`a platform is written as "linux/arm64"`, "%q is not a platform", p)
		}
	}
	newer := "name a BuildKit with --engine or BUILDKIT_HOST"
	switch {
	case layouts:
		return nil
	case len(r.o.Image.Platforms) > 1:
		return fault.Preconditionf(newer, "%s makes an image for one platform only", engineName(r.conn.Info))
	case r.o.Image.Scanner != "":
		return fault.Preconditionf(newer, "%s makes no bill of materials", engineName(r.conn.Info))
	}
	return nil
}

// checkDestination refuses an image that would be stored nowhere.
func (r *Runner) checkDestination(ctx context.Context, s runner.Step, layouts bool) error {
	if out := r.o.Image.Output; out != "" {
		return checkReplaceable(out)
	}
	if !layouts || r.isPushed(s.ID) || r.conn.Loader(ctx) != nil {
		return nil
	}
	return fault.Preconditionf("--output FOLDER keeps it as an OCI layout, davit publish pushes it",
		"the image would be stored nowhere: %s has no image store, and no Docker engine answers on this machine",
		engineName(r.conn.Info))
}

// isPushed reports whether the image of a step is pushed in the same run.
func (r *Runner) isPushed(id string) bool {
	return slices.ContainsFunc(r.steps, func(s runner.Step) bool {
		return s.Plan.Op == plan.OpPush && slices.Contains(s.Plan.Needs, id)
	})
}

// checkReplaceable refuses a folder that holds anything but an OCI layout, since the export replaces it.
func checkReplaceable(dir string) error {
	found, err := os.ReadDir(dir)
	if os.IsNotExist(err) || err == nil && len(found) == 0 {
		return nil
	}
	if err != nil {
		return fault.Preconditionf("", "the image cannot go to %q: %v", dir, err)
	}
	if _, err := os.Stat(filepath.Join(dir, layoutFile)); err != nil {
		return fault.Preconditionf("name another folder with --output",
			"%q holds files and is no OCI layout, and would be replaced", dir)
	}
	return nil
}

// checkSources refuses an image whose Dockerfile or folders are missing, or whose bases have no digest with
// --locked.
func (r *Runner) checkSources(s runner.Step) error {
	image := *s.Plan.Image
	if image.Dockerfile == "" {
		if image.Base == scratch {
			return nil
		}
		_, err := r.pins().pinned(image.Base)
		return err
	}
	text, err := readDockerfile(r.o.Root, image)
	if err != nil {
		return err
	}
	if _, err := dockerfileFolders(r.o.Root, image); err != nil {
		return err
	}
	all, err := bases(text, image, r.platform())
	if err != nil {
		return err
	}
	for _, u := range all {
		if _, err := r.pins().pinned(u.ref); err != nil {
			return fault.Preconditionf("davit lock", "%s:%d: %v", image.Dockerfile, u.line, err)
		}
	}
	if frontend := externalFrontend(image, text); frontend != "" && r.o.Locked {
		return fault.Preconditionf("leave out --locked, or the line # syntax=…",
			"%s is for the frontend %q, which alone knows what images it uses", image.Dockerfile, frontend)
	}
	return nil
}
