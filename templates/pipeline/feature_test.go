package pipeline

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
)

// feature is the folder of the feature for development containers.
const feature = "../../features/src/davit"

// TestFeatureInstalls runs the script of the feature in a container of Debian, as tools for development containers do.
func TestFeatureInstalls(t *testing.T) {
	enginetest.Docker(t)
	script, err := os.ReadFile(filepath.Join(feature, "install.sh"))
	if err != nil {
		t.Fatal(err)
	}
	server := releases(t)
	for version, want := range map[string]string{"latest": "davit of the archive", "1.2.3": "and SHA256SUMS says"} {
		c := exec.Command("docker", "run", "--rm", "-i", "--network", "host", "-e", "DAVIT_RELEASES="+server.URL, "-e", "VERSION="+version,
			"golang:1.26", "sh", "-ec", "mkdir -p /usr/share/bash-completion/completions; cat >install.sh; sh install.sh; davit-engine; davit; "+
				"cat /usr/share/bash-completion/completions/davit")
		c.Stdin = strings.NewReader(string(script))
		if out, err := c.CombinedOutput(); err != nil != (version != "latest") || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v: %s", version, err, out)
		}
	}
}

// TestFeatureIsWhole: the feature is published as its folder alone, so its script has the one that other ways of installing
// share, and passes on each option.
func TestFeatureIsWhole(t *testing.T) {
	text := map[string]string{}
	for _, path := range []string{filepath.Join(feature, "install.sh"), filepath.Join(feature, "devcontainer-feature.json"), "install.sh"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text[path] = string(data)
	}
	script := text[filepath.Join(feature, "install.sh")]
	if !strings.Contains(script, text["install.sh"]) {
		t.Error("install.sh of the feature does not have templates/pipeline/install.sh in it")
	}
	var metadata struct {
		ID      string
		Version string
		Options map[string]struct{ Default string }
	}
	if err := json.Unmarshal([]byte(text[filepath.Join(feature, "devcontainer-feature.json")]), &metadata); err != nil {
		t.Fatal(err)
	}
	if metadata.ID != filepath.Base(feature) || metadata.Version == "" || len(metadata.Options) == 0 {
		t.Errorf("the feature is %+v", metadata)
	}
	for name, option := range metadata.Options {
		if !strings.Contains(script, "${"+strings.ToUpper(name)+":-"+option.Default+"}") {
			t.Errorf("install.sh does not read the option %q with its default %q", name, option.Default)
		}
	}
}
