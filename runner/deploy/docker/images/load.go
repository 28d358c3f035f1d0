package images

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Copy has another engine save an image and this one load it. All of its layers are sent: an engine does not tell which it has.
func (s Store) Copy(ctx context.Context, from Store, i release.Image, emit func(ui.Event)) error {
	saved, err := from.Engine.ImageSave(ctx, []string{i.ID})
	if err != nil {
		return err
	}
	defer saved.Close()
	return s.load(ctx, counted(saved, i.Name, emit))
}

// load puts an archive into the store.
func (s Store) load(ctx context.Context, archive io.Reader) error {
	answer, err := s.Engine.ImageLoad(ctx, archive, client.ImageLoadWithQuiet(true))
	if err != nil {
		return err
	}
	defer answer.Close()
	return said(answer)
}

// said reads what an engine says: it tells of an error after it has said that all is well.
func said(answer io.Reader) error {
	for d := json.NewDecoder(answer); ; {
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
