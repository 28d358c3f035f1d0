package runner_test

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// TestNoNetworkIsNotNoSuchVersion has the lines that package managers print if they cannot reach an index, and those
// that they print if it lacks what the project asks for.
func TestNoNetworkIsNotNoSuchVersion(t *testing.T) {
	refused := "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<HTTPSConnection>"
	for _, c := range []struct {
		name  string
		lines []string
		want  bool
	}{
		{"pip", []string{refused, "ERROR: Could not find a version that satisfies six (from versions: none)"}, true},
		{"pip, that got through", []string{refused,
			"ERROR: Could not find a version that satisfies idna>=99 (from versions: 3.9, 3.10)"}, false},
		{"pip, a script that fails", []string{refused, "  Downloading six-1.17.0-py2.py3-none-any.whl",
			"  × Getting requirements to build wheel did not run successfully.", "FileNotFoundError: main.txt"}, false},
		{"a module that is missing", []string{"ModuleNotFoundError: No module named 'x'"}, false},
		{"pip, a break in the middle", []string{"  Downloading six-1.17.0-py2.py3-none-any.whl", refused,
			"ERROR: Could not find a version that satisfies idna (from versions: none)"}, true},
		{"pip, no such version", []string{"ERROR: No matching distribution found for idna>=99"}, false},
		{"uv", []string{"  cause: error sending request for url (http://127.0.0.1:9/simple/six/)"}, true},
		{"uv, offline", []string{"  cause: Network connectivity is disabled, but the requested data"}, true},
		{"uv, no such version", []string{"error: No solution found when resolving dependencies"}, false},
		{"poetry", []string{"    | All attempts to connect to pypi.org failed."}, true},
		{"poetry, out of step", []string{"pyproject.toml changed significantly since poetry.lock was"}, false},
		{"pdm", []string{"httpx.ConnectError: [Errno 111] Connection refused"}, true},
		{"npm", []string{"npm error code ECONNREFUSED"}, true},
		{"npm, no name", []string{"npm error network reason: getaddrinfo ENOTFOUND registry.example.com"}, true},
		{"npm, out of step", []string{"npm error code EUSAGE"}, false},
		{"npm, no such version", []string{"npm error code ETARGET"}, false},
		{"pnpm", []string{" ERR_PNPM_META_FETCH_FAIL  GET http://127.0.0.1:9/x: connect ECONNREFUSED 127.0.0.1:9"}, true},
		{"pnpm, no such version", []string{" ERR_PNPM_NO_MATCHING_VERSION  No matching version found for x@9"}, false},
		{"yarn 1", []string{"error Error: getaddrinfo EAI_AGAIN registry.example.com"}, true},
		{"yarn 4", []string{"➤ YN0001: │ RequestError: connect ECONNREFUSED 127.0.0.1:9"}, true},
		{"bun", []string{"error: ConnectionRefused downloading package manifest left-pad"}, true},
		{"bun, no name", []string{"error: DNSResolveFailed downloading package manifest left-pad"}, true},
		{"cargo", []string{"  [6] Could not resolve hostname (Could not resolve host: index.example.com)"}, true},
		{"cargo, refused", []string{"  [7] Could not connect to server (Failed to connect to 127.0.0.1 port 9)"}, true},
		{"cargo, no such version", []string{"error: failed to select a version for the requirement `itoa = \"^99\"`"}, false},
		{"go", []string{"go: x@v1: Get \"https://proxy.example.com\": dial tcp: lookup: no such host"}, true},
		{"go, no such version", []string{"go: x@v9: invalid version: unknown revision v9"}, false},
	} {
		p := newProject(t)
		p.put("said", strings.Join(c.lines, "\n"))
		const fails = "cat said >&2; exit 1"
		for _, s := range []runner.Step{
			sh("deps", fails, provides("env/")), sh("build", fails, builds("bin/")), sh("test", fails),
		} {
			reason := p.run(s).Steps[0].Reason
			if said := strings.HasPrefix(reason, "no network"); said != (c.want && s.ID != "test") {
				t.Errorf("%s, %s: %q", c.name, s.ID, reason)
			}
		}
	}
}
