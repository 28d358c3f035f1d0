package docker

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/docker/compose/v5/pkg/api"

	"github.com/davit-dev/davit/internal/enginetest"
)

var interruptions = flag.Bool("interruptions", false, "print how many requests fail, beside Compose's SDK")

// TestInterruptions prints the table of docs/environments.md:
//
//	go test ./runner/deploy/docker -run Interruptions -interruptions
func TestInterruptions(t *testing.T) {
	if !*interruptions {
		t.Skip("left out: it prints a table with -interruptions")
	}
	external := "    networks: {edge: {aliases: [extweb]}}\n" +
		strings.Replace(asking, `gethostbyname(\"web`, `gethostbyname(\"extweb`, 1) +
		"    networks: [edge]\nnetworks: {edge: {external: true, name: EDGE}}\n"
	deploy := func(p *probed) { p.version("v2"); p.deploy() }
	var rows []string
	for _, c := range []struct {
		name, services, reload string
		davit                  func(*probed)
		compose                bool
	}{
		{"nginx with a static upstream", server + check + nginx, "", deploy, true},
		{"the same, with reload", server + check + nginx, "nginx -s reload", deploy, false},
		{"nginx with a resolver", server + check + resolving, "", deploy, true},
		{"external network", server + check + external, "", deploy, true},
		{"two replicas without a health check", server + "    deploy: {replicas: 2}\n" + asking, "", deploy, true},
		{"four replicas, nginx with a static upstream", server + check + "    deploy: {replicas: 4}\n" + nginx, "", deploy, true},
		{"rollback", server + check + resolving, "", func(p *probed) { deploy(p); p.version("v1"); p.deploy() }, false},
		{"automatic return", server + check + resolving, "", func(p *probed) { p.rollBack() }, false},
		{"heal", server + check + resolving, "", func(p *probed) { p.makeSick(); p.heal(1) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProbed(t, c.services)
			p.Backend.Environment.Reload = map[string]string{"proxy": c.reload}
			if c.reload == "" {
				p.Backend.Environment.Reload = nil
			}
			p.deploy()
			p.version("v2")
			announced := p.change("web").Description()
			p.version("v1")
			row := fmt.Sprintf("| %s | %s | %s", c.name, announced, figures(p.while(func() { c.davit(p) })))
			if c.compose {
				row += " | " + figures(composed(t, c.services))
			} else {
				row += " | | "
			}
			rows = append(rows, row+" |")
		})
	}
	t.Logf("\n%s", strings.Join(rows, "\n"))
}

// figures returns the failed and all requests, and the longest time without an answer.
func figures(a enginetest.Answers) string {
	gap := "-"
	if a.Gap() > 0 {
		gap = fmt.Sprintf("%.1f s", a.Gap().Seconds())
	}
	return fmt.Sprintf("%d of %d | %s", a.Failed, a.Asked, gap)
}

// composed does what "docker compose up -d" does, twice.
func composed(t *testing.T, services string) enginetest.Answers {
	t.Helper()
	p := newProbed(t, services)
	sdk, err := newService(p.engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sdk.Down(context.Background(), p.project, api.DownOptions{}) })
	up := func() {
		ctx := context.Background()
		_, r := p.proposal()
		m, err := p.parse(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		project, err := m.Project()
		if err != nil {
			t.Fatal(err)
		}
		grace := 10 * time.Second
		if err := sdk.Up(ctx, project, api.UpOptions{
			Create: api.CreateOptions{Recreate: api.RecreateDiverged, RecreateDependencies: api.RecreateDiverged,
				Inherit: true, Timeout: &grace},
			Start: api.StartOptions{Project: project},
		}); err != nil {
			t.Fatal(err)
		}
	}
	up()
	return p.while(func() { p.version("v2"); up(); time.Sleep(3 * time.Second) })
}
