package deploytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A container is one container of an engine.
type container struct {
	id, name          string
	project, service  string // empty for nobody's
	number            int
	release           int // the number of the one that davit made it for
	oneoff, job       bool
	image             string            // its id
	fields            release.Fields    // in the canonical form, with what no engine is asked for
	has               compose.Container // as it is, with the values of secrets
	made              string            // the sum of the fields that davit made it with
	mark              string            // of the change that made it
	composed          bool              // "docker compose up" made it
	file              string            // the Compose file that it was made from
	folder            string            // of the project from which davit made it
	networks          []string          // names on the engine
	mounts            map[string]string
	anonymous         map[string]map[string]string // files of its anonymous volumes, by where they are
	inherited         map[string]map[string]string // volumes of others, by where they are
	inheritedFrom     []string                     // the ids of those
	inheritedReadOnly bool                         // it cannot write to them
	inheritedOfOthers bool                         // they are of a container of somebody else
	quarantined       time.Time

	state    release.ContainerState
	exit     int
	restarts int
	started  time.Time
	checked  bool // its health check has been waited for
	bindings []binding
	ports    map[string]int     // those of the machine that it had last, or the one that it replaces
	files    map[string]*string // those that differ from the image; nil is deleted
	log      []deploy.LogLine
}

// elsewhere reports whether it has mounts that are relative to another folder.
func (c *container) elsewhere(folder string) bool {
	return c.folder != "" && c.folder != folder && slices.ContainsFunc(slices.Collect(maps.Values(c.fields)), func(text string) bool {
		return strings.HasPrefix(text, "bind ./")
	})
}

// ofServices reports whether it is of a service, and in use.
func (c *container) ofServices() bool {
	return c.service != "" && !c.oneoff && c.quarantined.IsZero()
}

// thing returns it as it is recorded.
func (c *container) thing() release.Thing {
	t := release.Thing{Subject: release.SubjectContainer, Name: c.name, ID: c.id, Mark: c.mark}
	if c.composed && !c.oneoff {
		t.Key = c.service
	}
	return t
}

// short returns its name without that of its project.
func (c *container) short() string { return strings.TrimPrefix(c.name, c.project+"-") }

func (c *container) running() bool { return c.state == release.StateRunning }

// ended reports whether a job is over and well.
func (c *container) ended() bool { return c.state == release.StateExited && c.exit == 0 }

// stop ends what runs.
func (c *container) stop(exit int) {
	c.bindings = nil
	if c.state != release.StateExited {
		c.state, c.exit = release.StateExited, exit
	}
}

// restarted reports whether its restart policy starts it again when it has ended.
func (c *container) restarted(exit int) bool {
	policy, _, _ := strings.Cut(c.fields[release.QualifyPath(backend, "restart")], ":")
	return policy == "always" || policy == "unless-stopped" || policy == "on-failure" && exit != 0
}

// words returns the words of a field that has a JSON array.
func (c *container) words(path string) (words []string) {
	text := c.fields[path]
	if release.IsSecret(text) {
		text = c.has.Fields[path]
	}
	_ = json.Unmarshal([]byte(text), &words) // an absent one has none
	return words
}

// argv returns what it runs.
func (c *container) argv(i Image) []string {
	command := c.words("command")
	if c.fields["command"] == "" {
		command = i.Command
	}
	return append(c.words("entrypoint"), command...)
}

// healthTest returns the command of its health check; nil where nothing checks it.
func (c *container) healthTest(i Image) []string {
	words := c.words("healthcheck.test")
	if c.fields["healthcheck.test"] == "" {
		words = i.HealthTest
	}
	switch {
	case len(words) < 2 || words[0] == "NONE":
		return nil
	case words[0] == "CMD-SHELL":
		return []string{"sh", "-c", words[1]}
	}
	return words[1:]
}

// health returns what its health check says.
func (e *Engine) health(c *container) release.HealthState {
	test := c.healthTest(e.images[c.image])
	switch {
	case test == nil || !c.running():
		return release.HealthNone
	case !c.checked || test[0] == slow || test[0] == hang:
		return release.HealthStarting
	case run(test, view{e, c}).exit != 0:
		return release.HealthUnhealthy
	}
	return release.HealthHealthy
}

// The health checks that say nothing. A wait for the first ends with its limit, which the World does not wait
// for; one for the second ends with its context.
const (
	slow = "slow"
	hang = "hang"
)

// start runs the program of a container.
func (e *Engine) start(c *container) error {
	i, has := e.images[c.image]
	if !has && c.image != "" {
		return fmt.Errorf("no such image: %s", c.image)
	}
	if err := e.bind(c); err != nil {
		return err
	}
	c.state, c.started, c.exit, c.checked = release.StateRunning, e.world.tick(), 0, false
	o := run(c.argv(i), view{e, c})
	c.addLines(e.world, o.lines)
	if !o.runs {
		c.bindings, c.state, c.exit = nil, release.StateExited, o.exit
		if c.restarted(o.exit) {
			c.state, c.restarts = release.StateRestarting, c.restarts+1
		}
	}
	e.world.notify()
	return nil
}

// addLines adds lines to the log of a container.
func (c *container) addLines(w *World, lines []string) {
	for _, text := range lines {
		c.log = append(c.log, deploy.LogLine{Time: w.tick(), Service: c.service, Container: c.short(),
			Text: text})
	}
}

// remove removes a container. Its volumes stay.
func (e *Engine) remove(c *container) {
	e.containers = slices.DeleteFunc(e.containers, func(o *container) bool { return o == c })
	c.bindings, c.state = nil, release.StateRemoving
	e.world.notify()
}

// A view is what a program sees of the files of its container: those of volumes are elsewhere.
type view struct {
	*Engine
	c *container
}

func (v view) read(file string) (string, bool) { return v.Engine.read(v.c, file) }
func (v view) write(file, text string) bool {
	if v.c.inheritedReadOnly && within(v.c.inherited, file) != nil {
		return false
	}
	v.Engine.write(v.c, file, text)
	return true
}
func (v view) remove(file string) { v.Engine.delete(v.c, file) }

// within returns the files of the one of some volumes that a path is in; nil for none.
func within(volumes map[string]map[string]string, file string) map[string]string {
	for target, files := range volumes {
		if strings.HasPrefix(path.Clean(file)+"/", target+"/") {
			return files
		}
	}
	return nil
}

// mounted returns the files of the volume that a path is in; nil for one that is in none.
func (e *Engine) mounted(c *container, file string) map[string]string {
	for _, volumes := range []map[string]map[string]string{c.anonymous, c.inherited} {
		if files := within(volumes, file); files != nil {
			return files
		}
	}
	for target, name := range c.mounts {
		if v := e.volumes[name]; v != nil && strings.HasPrefix(path.Clean(file)+"/", target+"/") {
			return v.files
		}
	}
	return nil
}

func (e *Engine) read(c *container, file string) (string, bool) {
	if files := e.mounted(c, file); files != nil {
		text, has := files[file]
		return text, has
	}
	if text, changed := c.files[file]; changed {
		if text == nil {
			return "", false
		}
		return *text, true
	}
	if text, injected := c.has.Files[file]; injected {
		return text, true
	}
	text, has := e.images[c.image].Files[file]
	return text, has
}

func (e *Engine) write(c *container, file, text string) {
	if files := e.mounted(c, file); files != nil {
		files[file] = text
		return
	}
	c.change(file, &text)
}

func (e *Engine) delete(c *container, file string) {
	if files := e.mounted(c, file); files != nil {
		delete(files, file)
		return
	}
	_, injected := c.has.Files[file]
	if _, inImage := e.images[c.image].Files[file]; inImage || injected {
		c.change(file, nil)
	} else {
		delete(c.files, file)
	}
}

func (c *container) change(file string, text *string) {
	if c.files == nil {
		c.files = map[string]*string{}
	}
	c.files[file] = text
}

// changes returns the files that differ from the image: "A /etc/x".
func (e *Engine) changes(c *container) (all []string) {
	for _, file := range slices.Sorted(maps.Keys(c.files)) {
		kind := "A"
		if text, injected := c.has.Files[file]; injected {
			if kind = "C"; c.files[file] != nil && *c.files[file] == text {
				continue
			}
		}
		if _, inImage := e.images[c.image].Files[file]; inImage {
			kind = "C"
		}
		if c.files[file] == nil {
			kind = "D"
		}
		all = append(all, kind+" "+file)
	}
	slices.Sort(all)
	return all
}
