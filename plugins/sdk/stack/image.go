package stack

import (
	"cmp"
	"path"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A Program is what the image of "package" starts.
type Program struct {
	// Build makes File, a file or folder of the project, which is all that the image adds to its base.
	Build plan.Step
	File  string
	// Base is the configured base image, and DefaultBase the one without configuration.
	Base, DefaultBase string
	// Command starts the program, which is in /app.
	Command []string
	// Ports are those that it listens on.
	Ports sdk.Ports
}

// Program offers the image of the project's program. A repository has one: of several projects, the first.
func (u *Unit) Program(p Program) {
	if u.Offers("package") {
		return
	}
	build := u.AddAs("package", "package-build", p.Build, "")
	image := &plan.Image{
		Base: cmp.Or(p.Base, p.DefaultBase), Workdir: "/app", User: sdk.Nobody, Entrypoint: p.Command, Expose: p.Ports.Expose(),
		Copy: []plan.Copy{{Of: build, From: u.Path(p.File), To: "/app/" + path.Base(p.File)}},
	}
	u.Steps["package"] = plan.Step{Op: plan.OpImage, Needs: []string{build}, Image: image}
	u.Targets["package"] = []string{"package"}
	u.Explain("package", path.Base(p.File)+" on "+image.Base+"; needs a container engine")
}

// Site offers the image of a site: a folder, and a small server of files. The build writes the folder.
func (u *Unit) Site(build plan.Step, dir string) {
	build.Outputs = []string{dir + "/"}
	u.Program(Program{
		Build: build, File: dir, DefaultBase: "busybox:1", Ports: sdk.Ports{8080},
		Command: []string{"httpd", "-f", "-p", "8080", "-h", "/app/" + path.Base(dir)},
	})
}
