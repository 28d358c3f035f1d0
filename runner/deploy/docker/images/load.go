package images

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/moby/moby/client"
)

// Load reads an archive, as "docker save" writes it, into the store.
func (s Store) Load(ctx context.Context, archive io.Reader) error {
	response, err := s.Engine.ImageLoad(ctx, archive, client.ImageLoadWithQuiet(true))
	if err != nil {
		return err
	}
	defer response.Close()
	return readResult(response)
}

// readResult reads the messages of an engine to the end. An error is in one of them: the status has already
// been OK.
func readResult(response io.Reader) error {
	for d := json.NewDecoder(response); ; {
		var line struct{ Error string }
		switch err := d.Decode(&line); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case line.Error != "":
			return errors.New(line.Error)
		}
	}
}
