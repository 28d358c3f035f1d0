package buildkit

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	control "github.com/moby/buildkit/api/services/control"
	"github.com/moby/buildkit/client"
	bk "github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// TestNoOutputIsInTheHistory: what steps and Dockerfiles print is in no record of the engine, and what others
// print is: so the test would see it.
func TestNoOutputIsInTheHistory(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		started := time.Now().Add(-time.Minute)
		canary, others := "canary-"+unique(), "others-"+unique()
		f := newFolder(t, "Dockerfile", "FROM busybox:1.36\nRUN --mount=type=secret,id=token cat /run/secrets/token; echo "+unique()+"\n").git()
		f.o.Secrets = map[string][]byte{"token": []byte(canary)}
		f.o.Image.Output = t.TempDir() + "/out"
		out := f.run(e, imageStepOf("Dockerfile"), sh("print", "cat $TOKEN; : "+unique(), func(s *runner.Step) {
			s.Plan.Secrets = []plan.Secret{{ID: "token", File: "TOKEN"}}
		}))
		if out.Status != ui.StatusOK || out.printed("print") != canary {
			t.Fatalf("%v printed %q", out.Steps, out.printed("print"))
		}
		conn, err := e.(*Engine).connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		printed(t, conn.Client, others)
		logs, ok := history(t, conn.Client, started)
		if !ok || !bytes.Contains(logs, []byte(others)) {
			t.Skipf("the engine keeps no history")
		}
		if bytes.Contains(logs, []byte(canary)) {
			t.Error("what a step printed is in the history of the engine")
		}
		t.Log("2 builds tried, 2 held")
	})
}

// printed has another client print a text.
func printed(t *testing.T, c *client.Client, text string) {
	t.Helper()
	state := bk.Image("busybox:1.36").Run(bk.Args([]string{"echo", text})).Root()
	definition, err := state.Marshal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Build(t.Context(), client.SolveOpt{}, "", func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
		return g.Solve(ctx, gateway.SolveRequest{Definition: definition.ToPB(), Evaluate: true})
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

// history returns the logs of all builds that an engine has records of since a time; ok is false for one that
// keeps none.
func history(t *testing.T, c *client.Client, since time.Time) (logs []byte, ok bool) {
	t.Helper()
	all, err := c.ControlClient().ListenBuildHistory(t.Context(), &control.BuildHistoryRequest{EarlyExit: true})
	if err != nil {
		return nil, false
	}
	for {
		event, err := all.Recv()
		if err == io.EOF {
			return logs, true
		}
		if err != nil {
			return nil, false
		}
		if event.Record.CreatedAt.AsTime().After(since) {
			logs = append(logs, logOf(t, c, event.Record.Ref)...)
		}
	}
}

func logOf(t *testing.T, c *client.Client, ref string) (log []byte) {
	t.Helper()
	status, err := c.ControlClient().Status(t.Context(), &control.StatusRequest{Ref: ref})
	if err != nil {
		t.Fatal(err)
	}
	for {
		one, err := status.Recv()
		if err != nil {
			return log
		}
		for _, l := range one.Logs {
			log = append(log, l.Msg...)
		}
	}
}
