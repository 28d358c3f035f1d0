package dependencies

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A case is something that happens to a project. It begins with a good lock file and an environment that davit
// has filled, and leaves that behind, unless it is the last of its world.
type testCase struct {
	name string
	run  func(*round)
	// only are the managers that it applies to, nil for all.
	only func(manager) bool
	// rare leaves it out for slow managers.
	rare bool
	last bool
}

// appliesTo reports whether a case is tried with a manager.
func (c testCase) appliesTo(m manager) bool {
	return (c.only == nil || c.only(m)) && (!c.rare || !m.slow || *slow)
}

func hasEnvironment(m manager) bool { return m.installed != "" }

// offline is the case in which the caches of a manager may have all that is needed.
const offline = "no network, caches are there"

// network is what davit says of a registry that does not answer.
const network = `(?i)network|connect|offline|ECONNREFUSED|refused|unreachable`

var cases = []testCase{
	{name: "lock file forward and back", run: func(r *round) {
		r.move(at(bad))
		r.wants(red+bad, "")
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "dependency removed", rare: true, run: func(r *round) {
		r.move(without)
		r.wants(r.differs(missing), "")
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "last dependency removed", rare: true, run: func(r *round) {
		r.move(empty)
		r.wants(r.differs(missing), "")
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "manifest out of step", only: func(m manager) bool { return m.name != "pip" }, run: func(r *round) {
		r.world.write(r.T, r.world.place.ahead(r.T))
		r.wants(r.differs(refused), "")
		r.move(both)
		r.wants(green, "")
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "pin that cannot be had", rare: true, run: func(r *round) {
		r.move(at(gone))
		r.wants(refused, `(?i)1\.19\.0|404|not found|mast`)
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "nobody is asked twice", run: func(r *round) {
		before := len(r.world.place.registry.Requests())
		r.wants(green, "")
		if asked := r.world.place.registry.Requests()[before:]; len(asked) > 0 && !*native {
			r.Errorf("the registry was asked: %v", asked)
		}
	}},
	{name: "no network, nothing to do", run: func(r *round) {
		r.world.place.registry.Down()
		defer r.world.place.registry.Up()
		r.warm = true
		if v, said := r.world.davit(r.T, nil); v != green {
			r.Errorf("davit is %s:\n%s", v, said)
		}
	}},
	{name: offline, rare: true, run: func(r *round) {
		r.removeEnvironment()
		r.world.place.registry.Down()
		r.warm = true
		r.wants(r.differs(green), "")
		r.world.place.registry.Up()
		r.wants(green, "")
	}},
	{name: "no network, no caches", rare: true, run: func(r *round) {
		r.removeAll()
		r.world.place.registry.Down()
		r.wants(refused, network)
		r.world.place.registry.Up()
		r.wants(green, "")
	}},
	{name: "environment gone", only: hasEnvironment, rare: true, run: func(r *round) {
		r.removeEnvironment()
		r.wants(green, "")
	}},
	{name: "package deleted from it", only: hasEnvironment, run: func(r *round) {
		r.world.remove(r.T, r.world.environment(r.T, r.world.place.manager.installed))
		r.wants(green, "")
	}},
	{name: "interrupted", rare: true, run: interrupted},
	{name: "interpreter gone", only: manager.isPython, rare: true, run: func(r *round) {
		for _, name := range []string{"python", "python3"} {
			link := filepath.Join(r.world.project(), ".venv/bin", name)
			r.world.remove(r.T, link)
			if err := os.Symlink("/nonexistent/python3", link); err != nil {
				r.Fatal(err)
			}
		}
		r.wants(green, "")
	}},
	{name: "made by hand", only: hasEnvironment, rare: true, run: func(r *round) {
		r.removeEnvironment()
		r.forget()
		r.move(at(bad))
		r.installByHand()
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "made by another Python", rare: true, only: func(m manager) bool { return m.isPython() && m.name != "pip" },
		run: func(r *round) {
			if oldPython() == "" {
				r.Skip("left out: there is no older Python")
			}
			r.removeEnvironment()
			r.forget()
			if out, err := exec.Command(oldPython(), "-m", "venv", filepath.Join(r.world.project(), ".venv")).
				CombinedOutput(); err != nil {
				r.Fatalf("%v: %s", err, out)
			}
			// An environment of the user's own is not removed, so a manager that cannot use it says so.
			r.apart = r.differs(green) != green
			r.wants(r.differs(green), "Python|python")
			r.apart = false
			r.removeEnvironment()
			r.wants(green, "")
		}},
	{name: "another environment is active", only: manager.isPython, rare: true, run: func(r *round) {
		active := filepath.Join(r.world.dir, "active")
		if code, said := r.world.run(r.T, r.world.dir, nil, "python3", "-m", "venv", "--without-pip", active); code != 0 {
			r.Fatal(said)
		}
		before := listing(r, active)
		r.removeEnvironment()
		r.with([]string{"VIRTUAL_ENV=" + active, "PATH=" + active + "/bin:" + r.world.place.bin() + ":" +
			os.Getenv("PATH")}, func() {
			if v, said := r.world.davit(r.T, r.variables); v != green {
				r.Errorf("davit is %s:\n%s", v, said)
			}
		})
		if after := listing(r, active); after != before {
			r.Errorf("the active environment was changed: %s", after)
		}
		r.wants(green, "")
	}},
	{name: "NODE_ENV=production once", only: manager.isNode, run: func(r *round) {
		r.removeEnvironment()
		r.with([]string{"NODE_ENV=production"}, func() { r.wants(r.differs(missing), "") })
		r.wants(green, "")
	}},
	{name: "npm_config_omit=dev once", only: func(m manager) bool { return m.name == "npm" }, run: func(r *round) {
		r.removeEnvironment()
		r.with([]string{"npm_config_omit=dev"}, func() { r.wants(missing, "") })
		r.wants(green, "")
	}},
	{name: "archive replaced", only: manager.isNode, rare: true, run: archiveReplaced},
	{name: "two davits at once", rare: true, run: func(r *round) {
		r.removeEnvironment()
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if v, said := r.world.davit(r.T, nil); v != green {
					r.Errorf("one davit is %s:\n%s", v, said)
				}
			})
		}
		both.Wait()
		r.wants(green, "")
	}},
	{name: "tests and linter at once", only: manager.isPython, rare: true, run: func(r *round) {
		r.move(linted)
		r.removeEnvironment()
		if v, said := r.world.davit(r.T, nil, "test", "style"); v != green {
			r.Errorf("davit is %s:\n%s", v, said)
		} else if !strings.Contains(said, "the fake ruff") {
			r.Errorf("the linter of the project did not run:\n%s", said)
		}
		r.move(at(good))
		r.wants(green, "")
	}},
	{name: "tracked environment", only: manager.isNode, last: true, run: func(r *round) {
		r.move(at(bad))
		r.installByHand()
		r.world.git(r.T, "add", "-f", "node_modules")
		r.move(at(good))
		before := r.world.git(r.T, "status", "--short")
		r.apart = true
		r.wants(red+bad, "")
		if after := r.world.git(r.T, "status", "--short"); after != before {
			r.Errorf("tracked files were changed:\n%s", after)
		}
	}},
}

// archiveReplaced replaces an archive in the project, of which the lock file has the integrity.
func archiveReplaced(r *round) {
	p := r.world.place
	manifest := p.manager.files(p.registry.URL, good, []string{mast})
	manifest["package.json"] = strings.Replace(manifest["package.json"], `"^1.0.0"`, `"file:./mast.tgz"`, 1)
	manifest["mast.tgz"] = nodeModule(mast, good).Tarball()
	manifest[p.manager.lockFiles[0]] = ""
	r.world.write(r.T, manifest)
	if code, said := r.world.run(r.T, r.world.project(), nil, "sh", "-ec", p.manager.lock); code != 0 {
		r.Fatalf("%s: %s", p.manager.lock, said)
	}
	r.wants(green, "")
	r.world.write(r.T, files{"mast.tgz": nodeModule(mast, bad).Tarball()})
	r.wants(refused, "(?i)integrity|checksum|lock ?file")
	r.world.write(r.T, files{"mast.tgz": ""})
	r.move(at(good))
	r.wants(green, "")
}

// interrupted ends davit while the manager waits for the contents of a package.
func interrupted(r *round) {
	r.removeAll()
	registry, tarball := r.world.place.registry, r.world.place.manager.tarball
	asked := registry.Count(tarball)
	resume := registry.Stall(tarball)
	defer resume()
	c := r.world.command(r.world.project(), nil, davit, "--on", "host", "test")
	if err := c.Start(); err != nil {
		r.Fatal(err)
	}
	for end := time.Now().Add(2 * time.Minute); registry.Count(tarball) == asked && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if registry.Count(tarball) == asked {
		r.Error("the manager does not ask for the package")
	}
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		r.Error(err)
	}
	_ = c.Wait()
	resume()
	r.wants(green, "")
}

// listing returns the names and times of the files in a folder.
func listing(r *round, dir string) string {
	var all strings.Builder
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all.WriteString(name + " " + info.ModTime().String() + "\n")
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
	return all.String()
}
