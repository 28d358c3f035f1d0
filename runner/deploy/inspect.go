package deploy

import (
	"context"
	"io"
	"time"
)

// An Inspector looks into the running environment.
type Inspector interface {
	// Logs passes the lines of the named services, or of all, to give, merged by time. With Follow it passes lines as they come, those of
	// containers that start later included.
	Logs(ctx context.Context, o LogOptions, yield func(LogLine) error) error
	// Exec runs a command in a container of a service, and returns its exit code.
	Exec(ctx context.Context, o ExecOptions) (exit int, err error)
	// Files returns files of a container, each as it is there and in the image.
	Files(ctx context.Context, container string, paths []string) ([]File, error)
	// Details returns what is known besides what is compared.
	Details(ctx context.Context) (Details, error)
	// Host returns the name of the machine that publishes the ports; empty for this one.
	Host() string
}

// LogOptions say which logs.
type LogOptions struct {
	Services []string
	Follow   bool
	Since    string
	Tail     int
}

// LogLine is one line that a container has said.
type LogLine struct {
	Time      time.Time `json:"time"`
	Service   string    `json:"service"`
	Container string    `json:"container"`
	Text      string    `json:"text"`
}

// ExecOptions say what is to run in which container of a service.
type ExecOptions struct {
	Service string
	// Index is the number of the container; 0 is any that runs.
	Index   int
	Command []string
	User    string
	Dir     string
	Env     []string
	// Terminal gives the command one: In and Out are one as well.
	Terminal bool
	In       io.Reader
	Out, Err io.Writer
	// Kill is closed when the command is not to be waited for any more.
	Kill <-chan struct{}
}

// File is a file of a container, as it is there and in the image. Text is absent where Why says why.
type File struct {
	Path              string
	Original, Current []byte
	Reason            string
}

// Details of an environment.
type Details struct {
	// Holder is who has locked it; nil for nobody.
	Holder *Holder `json:"lock,omitempty"`
	// Images by their digests.
	Images map[string]ImageDetails `json:"images"`
	// Networks and Volumes by their names in the Compose files.
	Networks map[string]NetworkDetails `json:"networks"`
	Volumes  map[string]VolumeDetails  `json:"volumes"`
}

// ImageDetails are what an engine says of an image.
type ImageDetails struct {
	// ID is what the backend calls it.
	ID string `json:"id"`
	// Digests by which registries know it: "nginx@sha256:…".
	Digests  []string  `json:"digests,omitempty"`
	Created  time.Time `json:"created"`
	Size     int64     `json:"size"`
	Revision string    `json:"revision,omitempty"`
}

// NetworkDetails are what an engine says of a network.
type NetworkDetails struct {
	Name     string   `json:"name"`
	Driver   string   `json:"driver"`
	Subnets  []string `json:"subnets,omitempty"`
	External bool     `json:"external,omitempty"`
}

// VolumeDetails are what an engine says of a volume.
type VolumeDetails struct {
	Name     string    `json:"name"`
	Driver   string    `json:"driver"`
	Created  time.Time `json:"created"`
	External bool      `json:"external,omitempty"`
}
