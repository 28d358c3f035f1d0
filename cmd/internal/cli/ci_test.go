package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/davit-dev/davit/internal/managertest"
	"github.com/davit-dev/davit/templates/pipeline"
)

const ciGoldens = "testdata/ci"

// TestPipelinesOfTheExamples compares the pipelines of every example, and of testdata/ci/everything, with their golden
// files testdata/ci/NAME.SYSTEM.yml.
func TestPipelinesOfTheExamples(t *testing.T) {
	for _, name := range append(exampleNames(t), "everything") {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), name)
			if name == "everything" {
				linkPlugins(t, cacheOf(dir))
				if err := os.CopyFS(dir, os.DirFS(filepath.Join(ciGoldens, name))); err != nil {
					t.Fatal(err)
				}
			} else {
				dir = checkout(t, name)
			}
			for _, s := range pipeline.Systems {
				comparePipeline(t, name+"."+s.Name+".yml", run(t, dir, 0, "--command", "ci", s.Name))
			}
		})
	}
}

// comparePipeline compares a pipeline with its golden file.
func comparePipeline(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join(ciGoldens, name)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || got != string(want) {
		t.Errorf("%s differs (%v); go test ./cmd/internal/cli -run PipelinesOfTheExamples -update writes it\ngot:\n%s",
			golden, err, got)
	}
}

// TestThePipelineOfTheGuide compares docs/ci.md with what davit prints.
func TestThePipelineOfTheGuide(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join(ciGoldens, "go-service.github.yml"))
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), "```yaml\n"+string(golden)+"```\n") {
		t.Errorf("docs/ci.md has another pipeline of go-service than %s/go-service.github.yml", ciGoldens)
	}
}

// TestPipelinesAreValid asks the schemas that the CI systems publish.
func TestPipelinesAreValid(t *testing.T) {
	bin := t.TempDir()
	managertest.CheckJSONSchema.Link(t, bin)
	for schema, files := range map[string]string{
		"github-workflows": ciGoldens + "/*.github.yml", "woodpecker-ci": ciGoldens + "/*.woodpecker.yml",
		"gitlab-ci": ciGoldens + "/*.gitlab.yml", "github-actions": "../../../setup-davit/action.yml",
	} {
		all, err := filepath.Glob(files)
		if err != nil || len(all) == 0 {
			t.Fatalf("there is no %s: %v", files, err)
		}
		args := []string{"--builtin-schema", "vendor." + schema}
		if schema == "gitlab-ci" {
			args = append(args, "--data-transform", schema)
		}
		if out, err := exec.Command(filepath.Join(bin, "check-jsonschema"), append(args, all...)...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", schema, err, out)
		}
	}
}

// runPipelines writes the pipelines of an example and runs those of their commands that need neither an engine nor a
// network, each once. Those with other words are left out, too.
func runPipelines(t *testing.T, dir string, without ...string) {
	t.Helper()
	var lines []string
	for _, s := range pipeline.Systems {
		run(t, dir, 0, "ci", s.Name, "--write")
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(s.File)))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, davitLines(t, data)...)
	}
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		words := strings.Fields(line)[1:]
		if !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(elsewhere, w) || slices.Contains(without, w) }) {
			run(t, dir, 0, words...)
		}
	}
	for _, made := range []string{".github", ".gitlab-ci.yml", ".woodpecker", "reports"} {
		if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
			t.Fatal(err)
		}
	}
	if len(lines) < 2*len(pipeline.Systems) {
		t.Errorf("the pipelines run %q", lines)
	}
}

// davitLines returns the commands of davit in a pipeline.
func davitLines(t *testing.T, data []byte) (lines []string) {
	t.Helper()
	var root any
	if err := yaml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	for _, text := range scalars(root) {
		if strings.HasPrefix(text, "davit ") {
			lines = append(lines, text)
		}
	}
	return lines
}

// elsewhere are words of commands that need an engine or a network: other tests run them.
var elsewhere = []string{"container", "package", "publish", "deploy", "security"}

// scalars returns the text of all scalars in a document of YAML.
func scalars(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			all = append(all, scalars(one)...)
		}
	case map[string]any:
		for _, one := range v {
			all = append(all, scalars(one)...)
		}
	}
	return all
}
