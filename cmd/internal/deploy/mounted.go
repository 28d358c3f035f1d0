package deploy

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// mountedFiles returns the digests of the files of the project that services mount, by service and path: "web
// ./nginx.conf". Folders, files that are no text or larger than 1 MiB, and those with secrets have none.
func (s *session) mountedFiles(m release.Model) map[string]string {
	digests := map[string]string{}
	for name, service := range m.Services {
		for path, text := range service.Fields {
			source, bound := strings.CutPrefix(strings.TrimSuffix(text, ",ro"), "bind ./")
			if !bound || !strings.HasPrefix(path, "volumes.") || secret.InFile(source) {
				continue
			}
			data, err := regular.ReadInside(s.Dir, filepath.FromSlash(source), regular.Config)
			if err == nil && utf8.Valid(data) && len(s.SecretNames.Spans(string(data))) == 0 {
				digests[name+" ./"+source] = release.DigestOf(data)
			}
		}
	}
	return digests
}

// warnMounted warns of mounted files whose text has changed since their containers were made. Neither an engine nor
// Compose takes that for a change.
func (o *operation) warnMounted(p release.Plan, mounted map[string]string) {
	now := o.current()
	if now == nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(mounted)) {
		service, path, _ := strings.Cut(key, " ")
		before := now.Mounted[key]
		if before == "" || before == mounted[key] || makesContainers(p, service) {
			continue
		}
		o.emit(ui.Event{Type: ui.EventWarning,
			Text: fmt.Sprintf("%s: %s is mounted and has changed, and the containers stay: their program may not have read it, "+
				"and has the old file if git or an editor has put a new one in its place", service, path),
			Hint: "a file under configs of the Compose file is compared, and replaces the containers when it changes"})
	}
}

// withMounted returns a release with the digests of the files that its containers were made with.
func withMounted(r release.Release, now *release.Release, p release.Plan) release.Release {
	r.Mounted = maps.Clone(r.Mounted)
	for key := range r.Mounted {
		service, _, _ := strings.Cut(key, " ")
		if now != nil && now.Mounted[key] != "" && !makesContainers(p, service) {
			r.Mounted[key] = now.Mounted[key]
		}
	}
	return r
}

// makesContainers reports whether a plan makes new containers of a service.
func makesContainers(p release.Plan, service string) bool {
	return slices.ContainsFunc(p.Changes, func(c release.Change) bool {
		return c.Subject == release.SubjectService && c.Name == service && (c.Kind == release.Replace || c.Kind == release.Create)
	})
}
