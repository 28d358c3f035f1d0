package records

import (
	"context"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/history"
)

// proposal returns the name of the volume of a proposal.
func (s *Store) proposal(kind history.Kind) string {
	return s.environment.Instance() + "-davit-" + string(kind)
}

// Propose returns the text that was proposed first. It is a label of a volume without files: of several that are
// created with one name, an engine makes the first, and returns that to all.
func (s *Store) Propose(ctx context.Context, kind history.Kind, text []byte) ([]byte, error) {
	defer s.changed() // whoever made a proposal before may have kept its text since
	made, err := s.images.Engine.VolumeCreate(ctx, client.VolumeCreateOptions{Name: s.proposal(kind),
		Labels: map[string]string{label.Project: s.environment.Project, label.Environment: s.environment.Name,
			kindLabel(kind): string(text)}})
	return []byte(made.Volume.Labels[kindLabel(kind)]), err
}

// EndProposal removes the volume.
func (s *Store) EndProposal(ctx context.Context, kind history.Kind) error {
	_, err := s.images.Engine.VolumeRemove(ctx, s.proposal(kind), client.VolumeRemoveOptions{})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}
