package deploytest

import (
	"reflect"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func testImages(s *subject) {
	ctx := s.Context()
	if i, err := s.b.Image(ctx, "davit.invalid/nothing:1"); err != nil || i != nil {
		s.Errorf("an unknown image is %v, %v", i, err)
	}
	i, err := s.b.Pull(ctx, s.Image(), false, nil)
	s.must(err)
	if same, err := s.b.Image(ctx, i.Ref()); err != nil || same == nil || same.Ref() != i.Ref() {
		s.Errorf("by what the backend calls it, it is %v, %v", same, err)
	}
	if same, err := s.b.Find(ctx, i); err != nil || same == nil || !reflect.DeepEqual(*same, i) {
		s.Errorf("as an image of a release it is %v, %v", same, err)
	}
	_, err = s.b.Pull(ctx, "davit.invalid/nothing:1", false, nil)
	s.expectError(err, "cannot be pulled")
	staging := s.Backend("staging")
	archive, err := s.b.Export(ctx, i)
	s.must(err)
	defer archive.Close()
	s.must(staging.Import(ctx, i, archive))
	built := release.Image{Digest: "sha256:" + strings.Repeat("0", 64), Name: "built"}
	if found, err := s.b.Find(ctx, built); err != nil || found != nil {
		s.Errorf("an image that is nowhere is %v, %v", found, err)
	}
	if err := s.b.Fetch(ctx, s.env, "web", built, nil); err == nil {
		s.Error("an image that no registry has was fetched")
	}
	if _, err := s.b.Export(ctx, built); err == nil ||
		!strings.Contains(err.Error(), `has no image "built"`) {
		s.Errorf("an export of what is nowhere: %v", err)
	}
}
