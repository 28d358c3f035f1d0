package golang

import (
	"fmt"
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// image offers the image of the project's program, if the project has one.
func (b *builder) image() {
	s, ok := b.repo.chosenMain()
	if !ok {
		b.Explain("package", b.repo.whyNoImage())
		return
	}
	name := s.module.program(s.dir)
	file := path.Join(s.module.dir, ".davit/package", name)
	b.add(s.module, "package", "package-build", b.buildStatic(s, file))
	build := b.Targets["package"][0]
	c := b.repo.config
	i := sdk.StaticImage(c.Base, build, file, b.repo.ports(s), c.Healthcheck)
	b.Steps["package"] = plan.Step{Op: plan.OpImage, Needs: []string{build}, Image: i}
	b.Targets["package"] = []string{"package"}
	b.Explain("package", fmt.Sprintf("%s, built without cgo, alone on %s; needs a container engine", name,
		i.Base))
}

// buildStatic returns the step that builds the program without libraries and without paths of this machine,
// for the platform of the image. Its file is not an output, because it is only for the image.
func (b *builder) buildStatic(s mainPackage, file string) plan.Step {
	argv := append([]string{"build", "-trimpath", "-buildvcs=false"}, b.repo.config.flags()...)
	step := b.goStep(s.module, append(argv, "-o", relPath(file, s.module.dir)[2:],
		relPath(s.dir, s.module.dir))...)
	step.Env = map[string]string{"CGO_ENABLED": "0", "GOOS": "{os}", "GOARCH": "{arch}"}
	step.PassEnv = slices.DeleteFunc(slices.Clone(passedVariables),
		func(name string) bool { return step.Env[name] != "" })
	return step
}

// whyNoImage returns the reason why the project has no program of its own, or how to choose one.
func (r *repo) whyNoImage() string {
	switch mains := r.mainPackages(); {
	case len(mains) == 0:
		return "no package is a command, so there is nothing that an image could start"
	case len(mains) == 1:
		return relPath(mains[0].dir, ".") +
			" seems to help the project rather than to be it; main = \"./…\" in the configuration of this plugin says otherwise"
	default:
		return whyNoneChosen(mains)
	}
}

// ports returns the configured ports or, without them, those in the main file of the program.
func (r *repo) ports(s mainPackage) sdk.Ports {
	ports := r.config.Ports
	if len(ports) == 0 {
		ports = sdk.PortsIn(r.tree.read(path.Join(s.dir, "main.go")), listening())
	}
	return ports
}

// listening matches a call with an address that is a port on all interfaces. In a comment, a "/" precedes it.
var listening = sdk.LazyRegexp(
	`(?m)^[^/"\n]*\b(?:ListenAndServe(?:TLS)?\(|net\.Listen\("tcp", |Addr: *)"(?:0\.0\.0\.0)?:([1-9][0-9]{0,4})"`)
