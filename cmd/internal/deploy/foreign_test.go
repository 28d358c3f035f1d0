package deploy_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
)

// beside returns a project of another folder with the engines of a fixture, whose repository has none of its commits.
func (f *fixture) beside(toml, compose string) *fixture {
	f.Helper()
	other := newFixture(f.T, toml, compose)
	other.world, other.builder.world, other.builder.absent = f.world, f.world, true
	f.must(os.CopyFS(other.state(), os.DirFS(f.state())))
	return other
}

// TestDestroyFromAnotherFolder: a destroy names whose the environment is, and is refused without a question where the
// project has none of its services.
func TestDestroyFromAnotherFolder(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	var asked deploy.Removal
	no := func(_ context.Context, r deploy.Removal) error { asked = r; return errNo }
	same := f.beside("", shop("v2", "true"))
	if err := same.Destroy(t.Context(), same.request("dev"), no, same.emit); err != errNo {
		t.Error(err)
	}
	if !strings.Contains(asked.Foreign, f.dir+", and this repository does not have its commit") || asked.Unrelated != nil {
		t.Errorf("%q, %v", asked.Foreign, asked.Unrelated)
	}
	other := f.beside("", "services: {other: {image: busybox}}")
	if err := other.Destroy(t.Context(), other.request("dev"), no, other.emit); err != errNo {
		t.Error(err)
	}
	f.expectError(asked.Unrelated, fault.Refused, f.dir, "(db, web)", `another project with the name "shop"`)
	if err := f.Destroy(t.Context(), f.request("dev"), no, f.emit); err != errNo || asked.Foreign != "" || asked.Unrelated != nil {
		t.Errorf("%v, %q, %v", err, asked.Foreign, asked.Unrelated)
	}
}

// TestDeployOfAnotherProject: a deploy is refused where the project has none of the services that run, and a rollback names
// whose the environment is.
func TestDeployOfAnotherProject(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	other := f.beside("", "services: {other: {image: busybox, command: [sleep, \"1000\"]}}")
	_, err := other.deploy("dev")
	f.expectError(err, fault.Refused, "of other services (db, web)", `another project with the name "shop"`, "davit destroy dev --releases")
	f.expectVersion("dev", "v2")
	other.refuse = errNo
	if _, err := other.Rollback(t.Context(), other.request("dev"), 0, other.emit); err != errNo ||
		!strings.Contains(other.proposals[len(other.proposals)-1].Foreign, f.dir) {
		t.Errorf("%v, %+v", err, other.proposals)
	}
	f.expectVersion("dev", "v2")
}

// TestLookFromAnotherFolder: status, env and diff name whose the environment is, and a heal changes nothing.
func TestLookFromAnotherFolder(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	web := f.live("dev").Containers["web"][0]
	f.kill(web.Name)
	whose := ":" + f.dir + ", and this repository does not have its commit"
	other := f.beside("", shop("v2", "true"))
	for name, got := range map[string]string{
		"status": must(other.Status(t.Context(), "dev")).Foreign, "env": must(other.Statuses(t.Context()))[0].Foreign,
		"diff": must(other.Diff(t.Context(), "dev", nil, false)).Foreign,
	} {
		if !strings.Contains(got, whose) {
			t.Errorf("%s: %q", name, got)
		}
	}
	_, err := other.heal()
	f.expectError(err, fault.Refused, "dev is not healed: release 1", f.dir, "git fetch", "davit deploy dev")
	err = other.Watch(t.Context(), deploy.HealRequest{Environment: "dev"}, time.Second, func(deploy.WatchEvent) {})
	f.expectError(err, fault.Refused, f.dir)
	if got := f.live("dev").Containers["web"]; len(got) != 1 || got[0].ID != web.ID {
		t.Errorf("it was healed: %+v", got)
	}
	other.builder.absent = false // a clone of the repository
	if s := must(other.Status(t.Context(), "dev")); s.Foreign != "" {
		t.Errorf("a clone: %q", s.Foreign)
	}
	_, err = other.heal()
	f.must(err)
}

// TestRenamedProject: a first deploy says that the project has the environment under another name, and asks.
func TestRenamedProject(t *testing.T) {
	t.Parallel()
	const unasked = "[environments.dev]\nconfirm = false\n"
	for _, c := range []struct {
		name          string
		folder, clone bool // whether the folder is the same, and whether the repository has the commit
		compose       string
		asked         int
	}{
		{"the folder has another name", false, true, shop("v2", "true"), 1},
		{"name under [_] is another one", true, false, "services: {other: {image: busybox}}", 1},
		{"another repository", false, false, shop("v2", "true"), 0},
		{"another project of the repository", false, true, "services: {other: {image: busybox}}", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, unasked, shop("v1", "true"))
			f.deployed("dev")
			other := f.beside(unasked, c.compose)
			other.Environments.Name, other.builder.absent = "store", !c.clone
			if c.folder {
				other.Dir = f.dir
				f.compose(c.compose)
			}
			other.deployed("dev")
			if other.asked != c.asked || c.asked > 0 && !strings.Contains(other.proposals[0].Foreign, `name = "shop" under [_]`) {
				t.Errorf("asked %d times: %q", other.asked, other.proposals[0].Foreign)
			}
			other.compose(shop("v3", "true"))
			other.deployed("dev")
			if other.asked != c.asked {
				t.Error("it asks again")
			}
		})
	}
}
