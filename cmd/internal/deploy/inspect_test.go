package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
)

// agree confirms a destroy.
func agree(context.Context, deploy.Removal) error { return nil }

const published = `
services:
  web:
    image: busybox
    command: [sh, -c, "echo hello; sleep 1000"]
    environment: {VERSION: v1}
    ports: ["8080:80", "127.0.0.1:8443:443", "53:53/udp"]
    networks: [front, default]
  db: {image: busybox, command: [sh, -c, "echo db; sleep 1000"], volumes: ["data:/data", "./etc:/etc/db:ro"]}
networks: {front: {}}
volumes: {data: {}}
`

func TestStatus(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\nengine = \"tcp://far:2375\"\n", published)
	f.deployed("dev")
	s, err := f.Status(t.Context(), "dev")
	f.must(err)
	if web := s.Services["web"]; !s.InSync || !s.Healthy || web.Reason != "1 of 1" ||
		len(web.Containers) != 1 || web.Containers[0].Name != "shop-dev-web-1" ||
		web.Containers[0].Ports["80/tcp"] != "0.0.0.0:8080" {
		t.Errorf("status %+v", s)
	}
	f.kill("shop-dev-db-1")
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		b := broken{Memory: m}
		if m.Environment.Name == "staging" {
			b.observe = func() error { return errors.New("connection refused") }
		}
		return b
	}
	all, err := f.Statuses(t.Context())
	f.must(err)
	if len(all) != 2 || all[0].Environment != "dev" || all[0].Healthy || all[0].InSync ||
		all[1].Error != "connection refused" || all[1].Engine != "tcp://far:2375" || all[1].Require != "dev" {
		t.Errorf("statuses %+v", all)
	}
	_, err = f.Status(t.Context(), "staging")
	f.expectError(err, fault.Failed, "connection refused")
	f.Open = nil
	_, err = f.Statuses(t.Context())
	if _, is := errors.AsType[*runner.EngineError](err); !is {
		t.Errorf("without an engine: %v", err)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", published)
	_, err := f.Diff(t.Context(), "dev", nil, false)
	f.expectError(err, fault.FailedPrecondition, "nothing has been deployed to dev that could be compared")
	f.deployed("dev")
	d, err := f.Diff(t.Context(), "dev", nil, true)
	if f.must(err); !d.InSync || len(d.Drift)+len(d.Files) > 0 || d.Release.Number != 1 {
		t.Errorf("diff %+v", d)
	}
	f.engine("").Set("shop-dev-web-1", "environment.VERSION", "v0")
	f.engine("").Write("shop-dev-db-1", "/etc/motd", "hello\n")
	f.must(f.engine("").Run(deploytest.Foreign{Name: "spy", Networks: []string{"shop-dev_default"}}))
	d, err = f.Diff(t.Context(), "dev", nil, true)
	f.must(err)
	if web := d.Drift["web"]; d.InSync || len(web) != 1 || web[0].Before.Text != "v1" ||
		web[0].After.Text != "v0" || len(d.Drift[""]) != 1 || len(d.Containers["web"]) != 1 {
		t.Errorf("diff %+v", d)
	}
	if len(d.Files) != 1 || d.Files[0].Container != "shop-dev-db-1" ||
		!strings.Contains(d.Files[0].Diff, "+hello") {
		t.Errorf("files %+v", d.Files)
	}
	d, err = f.Diff(t.Context(), "dev", []string{"db"}, false)
	if f.must(err); len(d.Drift) != 1 || len(d.Drift["db"]) != 1 {
		t.Errorf("diff of db %+v", d)
	}
	_, err = f.Diff(t.Context(), "dev", []string{"nobody"}, false)
	f.expectError(err, fault.FailedPrecondition, `dev has no service "nobody"; it has db, web`)
}

func TestInspect(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", published)
	f.deployed("dev")
	i, err := f.Inspect(t.Context(), "dev", nil)
	f.must(err)
	web, db := i.Services["web"].Containers[0], i.Services["db"].Containers[0]
	if !i.Healthy || !i.InSync || i.Release.Number != 1 || len(i.Images) != 1 ||
		i.Services["web"].Image != "busybox" || len(i.Volumes) != 1 {
		t.Errorf("inspection %+v", i)
	}
	if !slices.Equal(web.Networks, []string{"default", "front"}) || db.Mounts["/data"] != "volume data" ||
		db.Mounts["/etc/db"] != "bind ./etc,ro" || web.Image != i.Images[web.Image].ID {
		t.Errorf("web %+v, db %+v", web, db)
	}
	f.kill("shop-dev-db-1")
	f.healed()
	i, err = f.Inspect(t.Context(), "dev", []string{"db"})
	if f.must(err); len(i.Services) != 1 || len(i.Quarantined) != 1 || i.Networks != nil {
		t.Errorf("inspection of db %+v", i)
	}
	_, err = f.Inspect(t.Context(), "dev", []string{"nobody"})
	f.expectError(err, fault.FailedPrecondition, `dev has no service "nobody"`)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", published+"\n")
	f.compose(strings.Replace(published, `"53:53/udp"`, `"53:53/udp", "[::1]:9000:9000", "[::]:9001:9001"`,
		1))
	f.deployed("dev")
	all, err := f.Addresses(t.Context(), "dev", "web")
	f.must(err)
	var words []string
	for _, a := range all {
		words = append(words, a.Port+" "+a.At+" "+a.URL)
	}
	want := []string{
		"443/tcp 127.0.0.1:8443 https://127.0.0.1:8443", "53/udp 127.0.0.1:53 ",
		"80/tcp 127.0.0.1:8080 http://127.0.0.1:8080",
		"9000/tcp [::1]:9000 http://[::1]:9000", "9001/tcp 127.0.0.1:9001 http://127.0.0.1:9001",
	}
	if !slices.Equal(words, want) {
		t.Errorf("addresses %q, wanted %q", words, want)
	}
	_, err = f.Addresses(t.Context(), "dev", "nobody")
	f.expectError(err, fault.FailedPrecondition, `dev has no container of service "nobody"`)
}

func TestLogsExecAndServices(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", published)
	f.deployed("dev")
	var lines []string
	f.must(f.Logs(t.Context(), "dev", backend.LogOptions{}, func(l backend.LogLine) error {
		lines = append(lines, l.Container+" "+l.Text)
		return nil
	}))
	if !slices.Equal(lines, []string{"db-1 db", "web-1 hello"}) {
		t.Errorf("lines %q", lines)
	}
	var out strings.Builder
	exit, err := f.Exec(t.Context(), "dev", backend.ExecOptions{Service: "web",
		Command: []string{"sh", "-c", "echo yes; exit 3"}, Out: &out})
	if f.must(err); exit != 3 || out.String() != "yes\n" {
		t.Errorf("exit %d, %q", exit, out.String())
	}
	names, err := f.Services(t.Context(), "dev")
	if f.must(err); !slices.Equal(names, []string{"db", "web"}) {
		t.Errorf("services %q", names)
	}
	for _, err := range []error{
		f.Logs(t.Context(), "x", backend.LogOptions{}, nil),
		func() error { _, err := f.Services(t.Context(), "x"); return err }(),
		func() error { _, err := f.Inspect(t.Context(), "x", nil); return err }(),
		func() error { _, err := f.Diff(t.Context(), "x", nil, false); return err }(),
		func() error { _, err := f.Releases(t.Context(), "x"); return err }(),
		f.Destroy(t.Context(), f.request("x"), agree, f.emit),
	} {
		f.expectError(err, fault.FailedPrecondition, `there is no environment "x"`)
	}
}

// TestFollowedLogs: lines come as containers say them, also those of a later deploy.
func TestFollowedLogs(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	ctx, cancel := context.WithTimeout(t.Context(), second)
	defer cancel()
	lines := make(chan string, 10)
	ended := make(chan error)
	go func() {
		ended <- f.Logs(ctx, "dev", backend.LogOptions{Follow: true, Services: []string{"web"}},
			func(l backend.LogLine) error {
				lines <- l.Text
				return nil
			})
	}()
	if got := <-lines; got != "this is v1" {
		t.Errorf("line %q", got)
	}
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	if got := <-lines; got != "this is v2" {
		t.Errorf("line %q", got)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func TestDestroy(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	no := func(context.Context, deploy.Removal) error { return errNo }
	if err := f.Destroy(t.Context(), f.request("dev"), no, f.emit); !errors.Is(err, errNo) {
		t.Errorf("not confirmed: %v", err)
	}
	f.expectVersion("dev", "v1")
	f.must(f.Destroy(t.Context(), f.request("dev"), agree, f.emit))
	if c, v := f.engine("").Containers(), f.engine("").Volumes(); len(c) > 0 || len(v) != 1 ||
		!f.said("removing shop-dev-web-1") {
		t.Errorf("containers %q, volumes %q, events %+v", c, v, f.events)
	}
	f.expectReleases("dev", "1 healthy")
	f.deployed("dev")
	r := f.request("dev")
	r.Volumes = true
	f.must(f.Destroy(t.Context(), r, agree, f.emit))
	if v := f.engine("").Volumes(); len(v) > 0 {
		t.Errorf("volumes %q", v)
	}
}

// TestLogsOfAnUnknownService: the hint names what has logs.
func TestLogsOfAnUnknownService(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	err := f.Logs(t.Context(), "dev", backend.LogOptions{Services: []string{"wbe"}}, func(backend.LogLine) error { return nil })
	f.expectError(err, fault.FailedPrecondition, `environment "dev" has no container of service "wbe"`,
		`did you mean "web"? services with containers are db, web`)
}
