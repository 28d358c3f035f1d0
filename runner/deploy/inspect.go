package deploy

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
)

// An Inspector reads what people want to see of a running environment.
type Inspector interface {
	// Logs passes the lines of the named services, or of all, to yield, merged by time. With Follow it also
	// passes new lines as they are written, those of containers that start later included.
	Logs(ctx context.Context, o LogOptions, yield func(LogLine) error) error
	// Exec runs a command in a container of a service, and returns its exit code.
	Exec(ctx context.Context, o ExecOptions) (exit int, err error)
	// Files returns files of a container, each as it is there and in the image.
	Files(ctx context.Context, container string, paths []string) ([]File, error)
	// Details returns what is known besides the fields that are compared.
	Details(ctx context.Context) (Details, error)
	// Host returns the name of the machine that publishes the ports; empty for this one.
	Host() string
}

// NoContainer is the error about a service without containers. The hint has the services of the environment that have
// some, and the one that was probably meant.
func NoContainer(environment, service string, services []string) error {
	hint := "services with containers are " + strings.Join(services, ", ")
	if near := suggest.Nearest(service, services); len(near) > 0 {
		hint = "did you mean " + suggest.Quoted(near) + "? " + hint
	}
	if len(services) == 0 {
		hint = "davit deploy " + environment
	}
	return fault.Preconditionf(hint, "environment %q has no container of service %q", environment, service)
}

// LogOptions say which log lines to read.
type LogOptions struct {
	Services []string
	Follow   bool
	Since    string
	Tail     int
}

// A LogLine is one line of output of a container.
type LogLine struct {
	Time      time.Time `json:"time"`
	Service   string    `json:"service"`
	Container string    `json:"container"`
	Text      string    `json:"text"`
}

// ExecOptions say which command to run, and in which container of a service.
type ExecOptions struct {
	Service string
	// Index is the number of the container; 0 is any that runs.
	Index   int
	Command []string
	User    string
	Dir     string
	Env     []string
	// Terminal runs the command on a terminal; In and Out are terminals then, too.
	Terminal bool
	In       io.Reader
	Out, Err io.Writer
	// Kill is closed when the command must end at once.
	Kill <-chan struct{}
}

// A File is a file of a container, as it is there and in the image. The texts are absent where Reason says
// why.
type File struct {
	Path              string
	Original, Current []byte
	Reason            string
}

// Details describe the things of an environment for a reader.
type Details struct {
	// Holder holds the lock; nil for nobody.
	Holder *Holder `json:"lock,omitempty"`
	// Images are by their digests.
	Images map[string]ImageDetails `json:"images"`
	// Networks and Volumes are by their names in the Compose files.
	Networks map[string]NetworkDetails `json:"networks"`
	Volumes  map[string]VolumeDetails  `json:"volumes"`
}

// ImageDetails describe an image.
type ImageDetails struct {
	// ID is the name that the backend gives it.
	ID string `json:"id"`
	// Digests are those by which registries know it: "nginx@sha256:…".
	Digests  []string  `json:"digests,omitempty"`
	Created  time.Time `json:"created"`
	Size     int64     `json:"size"`
	Revision string    `json:"revision,omitempty"`
}

// NetworkDetails describe a network.
type NetworkDetails struct {
	Name     string   `json:"name"`
	Driver   string   `json:"driver"`
	Subnets  []string `json:"subnets,omitempty"`
	External bool     `json:"external,omitempty"`
}

// VolumeDetails describe a volume.
type VolumeDetails struct {
	Name     string    `json:"name"`
	Driver   string    `json:"driver"`
	Created  time.Time `json:"created"`
	External bool      `json:"external,omitempty"`
}
