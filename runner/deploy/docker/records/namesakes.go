package records

import (
	"context"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/history"
)

// Namesakes returns the last document of a release of each environment of the same name, by the other projects that
// have one.
func (s *Store) Namesakes(ctx context.Context) (map[string]history.Document, error) {
	list, err := s.images.Engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Environment+"="+s.environment.Name, label.Recorded)})
	last := map[string]history.Document{}
	for _, i := range list.Items {
		d, of := document(history.ReleaseRecord, i), i.Labels[label.Project]
		if of != s.environment.Project && d.Time.After(last[of].Time) {
			last[of] = d
		}
	}
	return last, err
}
