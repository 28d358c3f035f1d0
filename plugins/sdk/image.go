package sdk

import (
	"cmp"
	"path"

	"github.com/davit-dev/davit/plugins/plan"
)

// Nobody is a user that is not root. It is a number, because an orchestrator cannot know that a name is not
// root.
const Nobody = "65532:65532"

// Static is the image for a program that depends on no library: certificates, time zones, and Nobody as its
// user.
const Static = "gcr.io/distroless/static-debian12:nonroot"

// StaticImage returns the image of one program that depends on no library. The program is a file that the
// step "of" makes, and the only one that the image adds to its base, which is Static unless another is given.
// The image has a health check only if the program brings the command for it: a static base has no other
// program.
func StaticImage(base, of, file string, ports Ports, healthcheck []string) *plan.Image {
	program := "/app/" + path.Base(file)
	return &plan.Image{
		Base: cmp.Or(base, Static), Copy: []plan.Copy{{Of: of, From: file, To: program}},
		Workdir: "/app", User: Nobody, Entrypoint: []string{program}, Expose: ports.Expose(),
		Healthcheck: ports.Health(healthcheck, nil),
	}
}

// Health returns the health check of a program: a configured command or, without one, the command that
// accepts returns for the first port, which succeeds if the port accepts a connection. Without either it
// returns nil, and a container is healthy as long as it runs.
func (p Ports) Health(configured []string, accepts func(port int) []string) *plan.Healthcheck {
	argv := configured
	if len(argv) == 0 && len(p) > 0 && accepts != nil {
		argv = accepts(p[0])
	}
	if len(argv) == 0 {
		return nil
	}
	return &plan.Healthcheck{Argv: argv, Interval: 5, Timeout: 5, StartPeriod: 30, Retries: 3}
}
