package compose

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

// newService is the SDK on an engine. It says nothing to anyone, and gets no for an answer to whatever it asks.
func newService(c client.APIClient) (api.Compose, error) {
	cli, err := command.NewDockerCli(
		command.WithAPIClient(c), command.WithInputStream(io.NopCloser(bytes.NewReader(nil))),
		command.WithOutputStream(io.Discard), command.WithErrorStream(io.Discard))
	if err != nil {
		return nil, err
	}
	if err := cli.Initialize(flags.NewClientOptions()); err != nil {
		return nil, err
	}
	return sdk.NewComposeService(cli, sdk.WithEventProcessor(nobody{}), sdk.WithPrompt(deny), sdk.WithMaxConcurrency(4))
}

// deny answers the SDK, which asks before it removes a volume to make it anew.
func deny(question string, _ bool) (bool, error) {
	return false, errors.New(strings.TrimSpace(question) + " davit does not do that by itself")
}

// nobody listens to the SDK: what happens is seen on the engine.
type nobody struct{}

func (nobody) Start(context.Context, string) {}
func (nobody) On(...api.Resource)            {}
func (nobody) Done(string, bool)             {}
