package maven

import (
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A pom is what the plugin reads of a pom.xml.
type pom struct {
	Packaging string   `xml:"packaging"`
	Modules   []string `xml:"modules>module"`
	Plugins   []plugin `xml:"build>plugins>plugin"`
	text      string   // without comments
}

// A plugin is one that a pom calls in each build.
type plugin struct {
	Artifact   string      `xml:"artifactId"`
	Executions []execution `xml:"executions>execution"`
}

type execution struct {
	ID    string   `xml:"id"`
	Phase string   `xml:"phase"`
	Goals []string `xml:"goals>goal"`
}

// readPom reads the pom.xml of a folder of the project. Maven reports its faults.
func readPom(u *stack.Unit, dir string) *pom {
	p := &pom{text: comments.ReplaceAllString(u.Text(path.Join(dir, "pom.xml")), "")}
	d := xml.NewDecoder(strings.NewReader(p.text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the names are ASCII
	d.Strict = false
	_ = d.Decode(p)
	return p
}

var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

// maxModules is how many modules of a project are read.
const maxModules = 200

// modules returns the folders of the modules of a project, those of modules among them.
func modules(u *stack.Unit, p *pom) (dirs []string) {
	for queue := resolve(".", p.Modules); len(queue) > 0 && len(dirs) < maxModules; queue = queue[1:] {
		if dir := queue[0]; !slices.Contains(dirs, dir) && u.Exists(path.Join(dir, "pom.xml")) {
			dirs = append(dirs, dir)
			queue = append(queue, resolve(dir, readPom(u, dir).Modules)...)
		}
	}
	return dirs
}

// resolve returns the folders that the modules of a pom name, as seen from the project, without those outside of it.
func resolve(dir string, modules []string) (dirs []string) {
	for _, name := range modules {
		if to := path.Join(dir, strings.TrimSuffix(name, "/pom.xml")); name != "" && to != ".." && !strings.HasPrefix(to, "../") {
			dirs = append(dirs, to)
		}
	}
	return dirs
}

// calls reports whether each build calls a plugin of Maven.
func (p *pom) calls(artifact string) bool {
	return slices.ContainsFunc(p.Plugins, func(one plugin) bool { return one.Artifact == artifact })
}

// property returns the first value that one of some properties has in the text of a pom, without references.
func (p *pom) property(names ...string) string {
	for _, name := range names {
		found := regexp.MustCompile(`<` + regexp.QuoteMeta(name) + `>\s*([^<$\s]+)\s*</`).FindStringSubmatch(p.text)
		if found != nil {
			return found[1]
		}
	}
	return ""
}
