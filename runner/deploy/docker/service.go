package docker

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/flags"
	"github.com/docker/compose/v5/pkg/api"
	sdk "github.com/docker/compose/v5/pkg/compose"
	"github.com/moby/moby/client"
)

// newService returns the SDK on an engine. It prints nothing, and gets no as the answer to whatever it asks.
func newService(c client.APIClient) (api.Compose, error) {
	cli, err := newCLI(c, bytes.NewReader(nil), io.Discard, io.Discard)
	if err != nil {
		return nil, err
	}
	return sdk.NewComposeService(cli, sdk.WithEventProcessor(silentEvents{}), sdk.WithPrompt(deny),
		sdk.WithMaxConcurrency(4))
}

// newCLI returns the docker command on an engine, with streams of its own.
func newCLI(c client.APIClient, in io.Reader, out, err io.Writer) (*command.DockerCli, error) {
	closer, ok := in.(io.ReadCloser) // the SDK recognises a terminal by its file
	if !ok {
		closer = io.NopCloser(in)
	}
	cli, fault := command.NewDockerCli(
		command.WithAPIClient(c), command.WithInputStream(closer), command.WithOutputStream(out),
		command.WithErrorStream(err))
	if fault != nil {
		return nil, fault
	}
	return cli, cli.Initialize(flags.NewClientOptions())
}

// deny answers the SDK, which asks before it removes a volume to recreate it.
func deny(question string, _ bool) (bool, error) {
	return false, errors.New(strings.TrimSpace(question) + " davit does not do that by itself")
}

// silentEvents ignores the events of the SDK: progress is read from the engine.
type silentEvents struct{}

func (silentEvents) Start(context.Context, string) {}
func (silentEvents) On(...api.Resource)            {}
func (silentEvents) Done(string, bool)             {}
