package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// An ImageRequest has the options for the images that a run makes.
type ImageRequest struct {
	// Platforms to build for; none is those of project.toml.
	Platforms []string
	// Output is a folder for an OCI layout; empty is the store of the engine.
	Output string
	// SBOM adds a bill of materials.
	SBOM bool
	// NoProvenance leaves out the record of how they were made.
	NoProvenance bool
	// Tags besides those of the version and the commit.
	Tags []string
	// Registry to push to; empty is that of project.toml.
	Registry string
	// Sign is the private key that signs what is pushed; empty signs nothing.
	Sign string
}

// firstOption returns the first option for images that is set, or "".
func (r ImageRequest) firstOption() string {
	for _, o := range []struct {
		name string
		set  bool
	}{
		{"--platform", len(r.Platforms) > 0}, {"--output", r.Output != ""}, {"--sbom", r.SBOM},
		{"--no-provenance", r.NoProvenance},
		{"--tag", len(r.Tags) > 0}, {"--registry", r.Registry != ""}, {"--sign", r.Sign != ""},
	} {
		if o.set {
			return o.name
		}
	}
	return ""
}

// hasOp reports whether a job has a step of an operation.
func (j *Job) hasOp(op plan.Op) bool {
	return slices.ContainsFunc(j.Graph.Steps(), func(s runner.Step) bool { return s.Plan.Op == op })
}

// imageOptions returns what an engine has to know to build and push the images of a job.
func (p *Project) imageOptions(
	ctx context.Context, job *Job, r ImageRequest,
) (o runner.ImageOptions, err error) {
	if !job.hasOp(plan.OpImage) {
		return o, nil
	}
	o = runner.ImageOptions{
		Platforms: orElse(r.Platforms, p.Config.Image.Platforms), Output: r.Output, Registry: r.Registry,
		Tags:   r.Tags,
		Attest: !r.NoProvenance && (p.Config.Image.Provenance == nil || *p.Config.Image.Provenance),
	}
	if o.Registry == "" {
		o.Registry = p.Config.Registry
	}
	if r.SBOM {
		o.Scanner = p.Config.Image.Scanner
	}
	if r.Sign != "" && p.OpenKey != nil {
		if o.Signer, err = p.OpenKey(r.Sign); err != nil {
			return o, err
		}
	}
	o.Commit, err = p.Commit(ctx)
	return o, err
}

// checkImageOptions returns an error about options for images that a job cannot honour.
func (p *Project) checkImageOptions(job *Job, r ImageRequest) error {
	if option := r.firstOption(); option != "" && !job.hasOp(plan.OpImage) {
		return usage("davit package makes an image",
			"%s is for runs that make an image, and none of the targets does", option)
	}
	for _, name := range r.Platforms {
		if err := project.ValidPlatform(name); err != nil {
			return usage("davit engine shows which platforms the engine builds for", "--platform: %v", err)
		}
	}
	if r.Registry != "" {
		if err := project.ValidRegistry(r.Registry); err != nil {
			return usage("", "--registry: %v", err)
		}
	}
	pushes := job.hasOp(plan.OpPush)
	switch {
	case r.SBOM && p.Config.Image.Scanner == "":
		return usage(
			"[image] scanner = \"docker/buildkit-syft-scanner\" in project.toml names the image that makes one",
			"--sbom needs a scanner, and project.toml names none")
	case pushes && r.Registry == "" && p.Config.Registry == "":
		return usage("registry = \"registry.example.com/team\" in project.toml, or --registry, says where",
			"there is no registry to publish to")
	case r.Sign != "" && !pushes:
		return usage("davit publish --sign KEY signs what it pushes", "--sign is for what is pushed to a registry, and none of the targets pushes an image")
	case pushes && p.Offline:
		return usage("leave out --offline", "nothing is published without a network connection")
	case pushes && r.Output != "":
		return usage("davit package --output DIR writes a folder; davit publish pushes",
			"--output does not go with publish")
	}
	return nil
}

func orElse(some, other []string) []string {
	if len(some) > 0 {
		return some
	}
	return other
}

// Commit returns the commit that images are built from. SOURCE_DATE_EPOCH replaces its time, and is the only
// time outside of git.
func (p *Project) Commit(ctx context.Context) (tree.Commit, error) {
	if p.withoutCommit {
		return tree.Commit{Time: time.Unix(0, 0).UTC()}, nil
	}
	c := tree.Commit{Time: time.Unix(0, 0).UTC(), Version: p.Config.Descriptor.Version}
	found, ok, err := p.Tree.Commit(ctx)
	if err != nil {
		return c, err
	}
	if ok {
		if found.Version == "" || found.Dirty {
			found.Version = c.Version
		}
		c = found
	}
	if epoch := p.env("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil || seconds < 0 {
			return c, usage("unset SOURCE_DATE_EPOCH", "SOURCE_DATE_EPOCH is %q, wanted a number of seconds",
				epoch)
		}
		c.Time = time.Unix(seconds, 0).UTC()
	}
	return c, nil
}
