package deploytest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func testFiles(s *subject) {
	s.compose(pair)
	rendered, err := s.b.Render(s.Context())
	s.must(err)
	if len(rendered.Pulls) != 2 || rendered.Pulls["web"] != s.Image() || len(rendered.Builds) != 0 {
		s.Errorf("rendered %+v", rendered)
	}
	r := s.release()
	web := r.Model.Services["web"]
	if web.Fields["environment.LEVEL"] != "info" || web.Fields["image"] != r.Images["web"].Digest ||
		!slices.Equal(web.Needs, []string{"db"}) {
		s.Errorf("desired %+v", web)
	}
	secret := r.Model.Services["db"].Fields["environment.PASSWORD"]
	if text := fmt.Sprintf("%+v%s", r.Model, r.Compose); strings.Contains(text, "open sesame") ||
		!release.IsSecret(secret) {
		s.Errorf("a secret is in %s", text)
	}
	s.must(s.b.CheckRelease(s.Context(), r, []string{"db", "web"}))
	other := r
	another := release.Fields{"environment.PASSWORD": release.HMACSecret([]byte("x"), "another")}
	other.Model.Services = map[string]release.Service{"db": {Fields: another}}
	s.expectError(s.b.CheckRelease(s.Context(), other, []string{"db"}), "another secret")
	s.Write("services: {web: {image: [}}")
	if _, err := s.b.Render(s.Context()); err == nil || !strings.Contains(err.Error(), "compose.yaml") {
		s.Errorf("a bad Compose file: %v", err)
	}
}
