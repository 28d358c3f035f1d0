package deploy

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// ReleaseMirror is how the releases of an environment outlive its engine: a registry keeps them too. Without one both do what an engine can do
// alone.
type ReleaseMirror interface {
	// Mirror copies to the registry what it lacks of the releases, and removes the oldest there but for so many.
	Mirror(ctx context.Context, keep int, emit func(ui.Event)) error
	// Restore has the images of a release in the engine again, from the registries that know them.
	Restore(ctx context.Context, r release.Release, emit func(ui.Event)) error
}
