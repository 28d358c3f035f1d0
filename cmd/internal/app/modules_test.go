package app

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// What a tool that stays in its module does not come to.
func TestNotReached(t *testing.T) {
	for script, want := range map[string]string{
		"go test ./...": "a b/c",
		"go test ./... ./a/...\ncd b/c && go test ./...":                "",
		"go test ./...\ngo -C a test ./...":                             "b/c",
		"for d in a b/c; do (cd $d && go test ./...); done":             "",
		"find . -name go.mod -execdir go test ./... ';'":                "",
		"cargo test --manifest-path a/Cargo.toml":                       "",
		"go list -f '{{.Dir}}' -m | xargs -n 1 sh ./each.sh go test":    "",
		"$(GO) test $(FLAGS) ./...":                                     "a b/c",
		"go test ./... && cd a && go test ./... && cd ../b/c && go vet": "",
	} {
		calls := pipelines.Follow(&sdk.Project{FS: fstest.MapFS{}}, ".", script)
		if got := strings.Join(notReached(slices.Clone([]string{".", "a", "b/c"}), calls), " "); got != want {
			t.Errorf("%s: got %q, wanted %q", script, got, want)
		}
	}
}
