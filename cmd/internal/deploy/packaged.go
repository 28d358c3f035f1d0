package deploy

import (
	"encoding/json"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// packaged fills in the Compose file of a project that has none and packages one image: one service of the
// name of the project, which publishes the ports of the image where the engine has room, for its own machine
// only. It is never written to a file.
func (e *Environments) packaged(env release.Environment) (release.Environment, string, error) {
	if len(env.Compose) > 0 || project.HasComposeFile(env.Dir) {
		return env, "", nil
	}
	exposed, ok := e.Builder.Packaged()
	if !ok {
		return env, "", nil
	}
	service := instanceName(e.Name)
	ports := []string{}
	for _, port := range exposed {
		ports = append(ports, "127.0.0.1::"+port)
	}
	text, err := json.Marshal(
		map[string]any{"services": map[string]any{service: map[string]any{"image": service, "ports": ports}}})
	env.Generated = text
	return env, service, err
}
