package main

import (
	"fmt"
	"path"
	"regexp"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// image offers the image of the program that the project is, where it is one.
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
	b.Explain("package", fmt.Sprintf("%s, built without cgo, alone on %s; needs a container engine", name, i.Base))
}

// buildStatic builds the program so that it depends on no library and on no path, for the platform of the image. The folder that it
// goes to is the step's own: nobody looks for a program there, so it is no output.
func (b *builder) buildStatic(s mainPackage, file string) plan.Step {
	argv := append([]string{"build", "-trimpath", "-buildvcs=false"}, b.repo.config.flags()...)
	step := b.goStep(s.module, append(argv, "-o", relPath(file, s.module.dir)[2:], relPath(s.dir, s.module.dir))...)
	step.Env = map[string]string{"CGO_ENABLED": "0", "GOOS": "{os}", "GOARCH": "{arch}"}
	step.PassEnv = slices.DeleteFunc(slices.Clone(passedVariables), func(name string) bool { return step.Env[name] != "" })
	return step
}

// whyNoImage says why the project has no program of its own to start, or how to choose one.
func (r *repo) whyNoImage() string {
	switch mains := r.mains(); {
	case len(mains) == 0:
		return "no package is a command, so there is nothing that an image could start"
	case len(mains) == 1:
		return relPath(mains[0].dir, ".") + " seems to help the project rather than to be it; main = \"./…\" in the configuration of this plugin says otherwise"
	default:
		return whyNoneChosen(mains)
	}
}

// ports are those of the configuration, else those that the main file of the program has in plain sight.
func (r *repo) ports(s mainPackage) sdk.Ports {
	ports := r.config.Ports
	if len(ports) == 0 {
		ports = sdk.PortsIn(r.tree.read(path.Join(s.dir, "main.go")), listening)
	}
	return ports
}

// listening is a call that takes an address, with one that is a port of all interfaces; a comment has "/" before it.
var listening = regexp.MustCompile(`(?m)^[^/"\n]*\b(?:ListenAndServe(?:TLS)?\(|net\.Listen\("tcp", |Addr: *)"(?:0\.0\.0\.0)?:([1-9][0-9]{0,4})"`)
