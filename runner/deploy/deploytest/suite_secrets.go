package deploytest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// named has values of secrets that nobody has declared: their names tell.
const named = `
services:
  web:
    image: IMAGE
    command: [sh, -c, "echo the token is $$API_TOKEN; exec sleep 1000", sh, --password, "argument-%[1]s"]
    environment: {API_TOKEN: "token-%[1]s", DATABASE: "postgres://u:pass-%[1]s@db/x", LEVEL: info}
    configs: [{source: app, target: /app.conf}]
    stop_grace_period: 0s
configs:
  app: {content: "level = info\ndb.password = config-%[1]s\n"}
`

// secretsOf are the values in it.
func secretsOf(version string) (values []string) {
	for _, kind := range []string{"argument", "token", "pass", "config"} {
		values = append(values, kind+"-"+version)
	}
	return values
}

// testSecrets: what is named like a secret is in no record and in nothing that is observed, and comes back from
// the containers alone.
func testSecrets(s *subject) {
	s.compose(fmt.Sprintf(named, "first"))
	s.deploy()
	first := s.applied
	s.expectHidden(first, secretsOf("first"))
	s.compose(fmt.Sprintf(named, "second"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || strings.Contains(fmt.Sprint(p), "second") {
		s.Errorf("planned %+v", p)
	}
	s.must(s.Backend("dev").CheckRelease(s.Context(), first, []string{"web"}))
	s.deploy()
	s.expectHidden(s.applied, secretsOf("second"))
	err := s.Backend("dev").CheckRelease(s.Context(), first, []string{"web"})
	if fault.Of(err) != fault.Refused {
		s.Errorf("values that nobody has: %v", err)
	}
	s.expectError(err, "was made with the values of API_TOKEN, ", "password")
}

// expectHidden checks that no value is in a release, nor in what is observed.
func (s *subject) expectHidden(r release.Release, values []string) {
	s.Helper()
	text := fmt.Sprintf("%s %+v %+v", r.Compose, r.Model, s.observeWithFiles())
	for _, value := range values {
		if strings.Contains(text, value) {
			s.Errorf("%q is in %s", value, text)
		}
	}
}

// declared has a declared secret.
const declared = `
services:
  web: {image: IMAGE, command: [sleep, "1000"], environment: {PASSWORD: "${PASSWORD}"}, stop_grace_period: 0s}
`

// testKeys: all who deploy to an environment hash with one key, also where several of them are the first, and no
// other environment has it.
func testKeys(s *subject) {
	s.compose(declared)
	images := s.pull()
	keys := make([]string, 4)
	var group sync.WaitGroup
	for i := range keys {
		b := s.Backend("dev")
		group.Go(func() {
			d, err := b.Desired(s.Context(), images)
			if err != nil {
				s.Error(err)
			}
			keys[i] = d.Key
		})
	}
	group.Wait()
	s.deploy()
	if slices.Sort(keys); keys[0] == "" || keys[0] != keys[3] || s.applied.Key != keys[0] {
		s.Errorf("keys %q, and then %q", keys, s.applied.Key)
	}
	s.expectPlan()
	d, err := s.Backend("staging").Desired(s.Context(), images)
	if s.must(err); d.Key == "" || d.Key == keys[0] {
		s.Errorf("staging has the key %q", d.Key)
	}
}
