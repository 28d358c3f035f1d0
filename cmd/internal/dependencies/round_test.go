package dependencies

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// A round is a case that runs in a world.
type round struct {
	*testing.T
	world *world
	name  string
	// warm makes the clean clone have the caches of the user.
	warm bool
	// apart means that davit must not do what the clean clone does.
	apart bool
	// variables are more variables of the caller.
	variables []string
}

// move makes the project be in a state.
func (r *round) move(s state) {
	r.Helper()
	r.world.write(r.T, r.world.place.project(r.T, s))
}

// wants runs davit, and checks the verdict and that what is printed matches a pattern. With -native, the clean
// clone must have that verdict too.
func (r *round) wants(want verdict, pattern string) {
	r.Helper()
	got, said := r.world.davit(r.T, r.variables)
	switch {
	case got != want:
		r.Errorf("davit is %s, a clean clone %s:\n%s", got, want, said)
	case !regexp.MustCompile(pattern).MatchString(said):
		r.Errorf("davit is %s, and does not say %q:\n%s", got, pattern, said)
	}
	if *native && !r.apart {
		r.checkNative(want)
	}
}

// checkNative checks that the clean clone has a verdict.
func (r *round) checkNative(want verdict) {
	r.Helper()
	home := ""
	if r.warm {
		home = r.world.home()
	}
	if got, said := r.world.native(r.T, home, r.variables); got != want {
		r.Errorf("the clean clone is %s, not %s:\n%s", got, want, said)
	}
}

// differs returns the verdict of the case for the manager if it is not that of most.
func (r *round) differs(usual verdict) verdict {
	if v, is := r.world.place.manager.differs[r.name]; is {
		return v
	}
	return usual
}

// removeEnvironment removes the environment.
func (r *round) removeEnvironment() {
	r.Helper()
	if m := r.world.place.manager; m.environment != "" {
		r.world.remove(r.T, filepath.Join(r.world.project(), m.environment))
	}
}

// removeCaches empties the home of the user.
func (r *round) removeCaches() {
	r.Helper()
	r.world.remove(r.T, r.world.home())
	if err := os.MkdirAll(r.world.home(), 0o700); err != nil {
		r.Fatal(err)
	}
}

// removeAll removes the environment and the caches of the manager, and the results of a manager without an
// environment, which do not depend on them.
func (r *round) removeAll() {
	r.Helper()
	r.removeEnvironment()
	r.removeCaches()
	if r.world.place.manager.installed == "" {
		r.forget()
	}
}

// installByHand installs with the manager in the project, as the user does.
func (r *round) installByHand() {
	r.Helper()
	code, said := r.world.run(r.T, r.world.project(), r.variables, "sh", "-ec", r.world.place.manager.install)
	if code != 0 {
		r.Fatalf("the installation by hand fails: %s", said)
	}
}

// forget gives davit a new store, as on its first run.
func (r *round) forget() {
	r.Helper()
	r.world.remove(r.T, r.world.store())
	r.world.makeStore(r.T)
}

// with runs something with more variables of the caller.
func (r *round) with(variables []string, run func()) {
	before := r.variables
	r.variables = append(slices.Clone(before), variables...)
	run()
	r.variables = before
}
