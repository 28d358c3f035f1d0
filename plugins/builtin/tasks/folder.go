package tasks

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// folderNames are the scripts of "scripts to rule them all", and those that check, build and format by the same habit.
var folderNames = []string{"bootstrap", "setup", "update", "server", "test", "cibuild", "console", "build", "lint", "style", "format", "fmt", "clean"}

// folder returns the scripts of the folder script. Its bootstrap, or else setup, is init, and its server is run.
func (r *reader) folder() []taskfile.File {
	f := taskfile.File{Name: "script", Tool: r.shell()}
	listing := r.List("script")
	for _, name := range folderNames {
		if slices.Contains(listing, name) && strings.HasPrefix(r.Head("script/"+name, 2), "#!") {
			f.Offers = append(f.Offers, r.folderOffer(name, listing))
		}
	}
	if len(f.Offers) == 0 {
		return nil
	}
	return []taskfile.File{f}
}

// folderOffer returns the offer of a script of the folder.
func (r *reader) folderOffer(name string, listing []string) taskfile.Offer {
	file := path.Join("script", name)
	o := taskfile.Offer{Name: name, Argv: []string{"./" + file}, Source: file, Scripts: []taskfile.Script{{Dir: ".", Text: file}}}
	switch {
	case name == "bootstrap", name == "setup" && !slices.Contains(listing, "bootstrap"):
		o.Name, o.Why = "init", file+" gets what the project needs"
	case name == "server":
		o.Name, o.Why = "run", file+" starts the project"
	}
	o.Runs = []string{o.Name}
	if call := taskfile.FindRecursion(o.Name, r.folderEdges); call != "" {
		o.Refused, o.Why = true, "it calls davit for itself ("+call+"), which would go round for ever"
	}
	return o
}

// folderEdges returns the targets for which a script of the folder calls davit.
func (r *reader) folderEdges(name string) (needs, davit []string) {
	names := []string{name}
	switch name {
	case "init":
		names = []string{"bootstrap", "setup"}
	case "run":
		names = []string{"server"}
	}
	for _, name := range names {
		text, _ := r.Read("script/" + name)
		davit = append(davit, taskfile.Calls(strings.Split(text, "\n"), "davit")...)
	}
	return nil, davit
}
