package deploy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const taking = `services: {web: {image: busybox, command: [sleep, "1000"], privileged: true, volumes: ["/:/host"]}}`

// TestAccessIsNamedOncePerChange: a plan names what a Compose file takes from the machine, and says it again only
// where it takes more.
func TestAccessIsNamedOncePerChange(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", taking)
	named := func(want string) {
		t.Helper()
		p, err := f.Propose(t.Context(), deploy.Request{Environment: "dev"}, f.emit)
		if f.must(err); release.DescribeAccess(p.Access) != want {
			t.Errorf("it names %q, wanted %q", release.DescribeAccess(p.Access), want)
		}
	}
	named("bind:/ (web), privileged (web)")
	f.deployed("dev")
	named("")
	f.compose(strings.Replace(taking, "privileged", "pid: host, privileged", 1))
	named("pid-host (web)")
}

// TestStrictEnvironments: what is not allowed is refused before an image is built or anything is touched.
func TestStrictEnvironments(t *testing.T) {
	t.Parallel()
	toml := "[environments.dev]\nconfirm = false\nstrict = true\nallow = ["
	f := newFixture(t, toml+`"privileged"]`, taking)
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused, "dev is strict", "bind:/ (web)")
	if len(f.engine("").Containers()) > 0 || f.releases("dev") != "" {
		t.Error("something was touched")
	}
	f = newFixture(t, toml+`"privileged", "bind:/"]`, taking)
	f.deployed("dev")
	f = newFixture(t, toml+`"privileged", "bind"]`, taking)
	f.deployed("dev")
	f = newFixture(t, toml+`"privileged", "bind:/etc"]`, taking)
	_, err = f.deploy("dev")
	f.expectError(err, fault.Refused, "bind:/ (web)")
}

// TestTheHintOfStrictIsEnough: what the hint says, written as it stands, allows all that is refused, and what was
// allowed stays so.
func TestTheHintOfStrictIsEnough(t *testing.T) {
	t.Parallel()
	const more = `services: {web: {image: busybox, command: [sleep, "1000"], privileged: true, pid: host, volumes: ["/:/host"]},
 other: {image: busybox, command: [sleep, "1000"], pid: host}}`
	const toml = "[environments.dev]\nconfirm = false\nstrict = true\n"
	for _, allow := range []string{"", "allow = []\n", "allow = [\"privileged\"]\n", "allow = [\"bind:/etc\", \"cap-add\"]\n"} {
		f := newFixture(t, toml+allow, more)
		_, err := f.deploy("dev")
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) {
			t.Fatalf("%q: %v", allow, err)
		}
		line, _, _ := strings.Cut(hinted.Hint(), " in [environments.dev]")
		for _, before := range []string{"bind:/etc", "cap-add", "privileged"} {
			if strings.Contains(allow, before) && !strings.Contains(line, `"`+before+`"`) {
				t.Errorf("%q is no longer allowed: %s", before, line)
			}
		}
		newFixture(t, toml+line+"\n", more).deployed("dev")
	}
}

// TestNamesOfAccess: project.toml and the Compose files use the same names.
func TestNamesOfAccess(t *testing.T) {
	for _, name := range compose.Accesses {
		if _, known := project.Accesses[name]; !known {
			t.Errorf("project.toml cannot allow %q", name)
		}
	}
	if len(project.Accesses) != len(compose.Accesses) {
		t.Errorf("project.toml has %d names, wanted %d", len(project.Accesses), len(compose.Accesses))
	}
	for text, hint := range map[string]string{
		`"privilegd"`: `did you mean "privileged"?`, `"privileged:yes"`: "", `"bind:etc"`: "", `"bind:"`: "alone allows",
		`"bind:/etc/"`: "", `"all"`: "it is one of bind, cap-add,",
	} {
		_, err := project.Parse([]byte("[environments.dev]\nallow = [" + text + "]\n"))
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), hint) ||
			!strings.Contains(err.Error(), "project.toml:2") {
			t.Errorf("%s: %v", text, err)
		}
	}
	for name, valued := range project.Accesses {
		if valued && !slices.Contains([]string{"bind", "cap-add", "device", "outside-file"}, name) {
			t.Errorf("%q has a value", name)
		}
	}
}
