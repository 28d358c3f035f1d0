package app

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// packageTarget makes the image that a project without a Compose file deploys.
const packageTarget = "package"

// usualCompose are the names of Compose files that need not be named.
var usualCompose = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// packaged is the environment of a project that has no Compose file and makes one image: a Compose file with one service of the name of
// the project, which publishes the ports of the image where the engine has room, for its own machine only. It is kept beside other things
// that can be made again.
func (p *Project) packaged(e release.Environment) (release.Environment, string, error) {
	image, ok := p.onlyImage()
	if !ok || len(e.Compose) > 0 || p.Cache == "" || slices.ContainsFunc(usualCompose, p.has) {
		return e, "", nil
	}
	service := instanceName(p.Name)
	ports := []string{}
	for _, port := range image.Expose {
		ports = append(ports, "127.0.0.1::"+port)
	}
	text, err := json.Marshal(map[string]any{"services": map[string]any{service: map[string]any{"image": service, "ports": ports}}})
	if err != nil {
		return e, "", err
	}
	dir := p.cacheDir("compose")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return e, "", err
	}
	file := filepath.Join(dir, p.key()+".yaml")
	e.Compose = []string{file}
	return e, service, replaceFile(file, text)
}

func (p *Project) has(name string) bool { return isFile(filepath.Join(p.Root.Dir, name)) }

// replaceFile writes a file that another davit may be reading.
func replaceFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// onlyImage is the image that package makes, if that is one.
func (p *Project) onlyImage() (*plan.Image, bool) {
	job, err := p.Plan(Request{Targets: []string{packageTarget}})
	if err != nil {
		return nil, false
	}
	var images []*plan.Image
	for _, s := range job.Graph.Steps() {
		if s.Plan.Op == plan.OpImage {
			images = append(images, s.Plan.Image)
		}
	}
	if len(images) != 1 {
		return nil, false
	}
	return images[0], true
}

// pack makes that image in the engine of an environment.
func (p *Project) pack(ctx context.Context, s *session, r Request, emit func(ui.Event)) (*release.Image, error) {
	job, err := p.Plan(Request{Targets: []string{packageTarget}})
	if err != nil {
		return nil, err
	}
	q := *p
	q.Engine = p.Builders(s.Environment)
	made := &imageCollector{emit: emit, images: map[string]string{}}
	if err := q.execute(ctx, job, r, made.event); err != nil {
		return nil, err
	}
	images := slices.Collect(maps.Values(made.images))
	if len(images) != 1 { // onlyImage has seen that it is one
		return nil, errors.New("the package of " + p.Name + " is no image")
	}
	return s.stored(ctx, images[0])
}
