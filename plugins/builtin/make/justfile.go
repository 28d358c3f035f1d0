package make

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// justfileNames are the usual names of a justfile. just itself accepts any case.
var justfileNames = []string{"justfile", "Justfile", "JUSTFILE", ".justfile", ".Justfile"}

// A justfile is a parsed justfile with the files that it imports.
type justfile struct {
	recipes []*recipe
	by      map[string]*recipe
	aliases []*recipe // each needs the recipe that it stands for
	notes   []string
}

// A recipe is a recipe of a justfile.
type recipe struct {
	name     string
	source   string
	doc      string
	required []string // parameters without a default
	needs    []string
	body     []string
	systems  []string // the operating systems that it is for; all, if none
	private  bool
	confirm  bool
}

var justSystems = []string{"linux", "macos", "unix", "windows", "openbsd", "freebsd", "netbsd"}

// parseJustfile parses a justfile.
func parseJustfile(name string, files files) *justfile {
	out := &justfile{by: map[string]*recipe{}}
	r := &justReader{out: out, files: files, seen: map[string]bool{}, bytes: maxBytes}
	r.readFile(name)
	return out
}

// A justReader parses justfiles line by line.
type justReader struct {
	out   *justfile
	files files
	seen  map[string]bool
	bytes int
}

func (r *justReader) readFile(name string) bool {
	if r.seen[name] {
		return true
	}
	text, ok := r.files.Read(name)
	if !ok || len(r.seen) >= maxFiles || len(text) > r.bytes {
		return false
	}
	r.seen[name] = true
	r.bytes -= len(text)
	p := &justPart{reader: r, name: name, pending: &recipe{}, defined: map[string]bool{}}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		p.line(strings.TrimRight(line, " \t\r"), i+1)
	}
	for _, i := range p.imports {
		r.readImport(i, name)
	}
	return true
}

// readImport parses an imported file. It is read after the file that imports it, whose recipes win.
func (r *justReader) readImport(i justImport, by string) {
	full, ok := inProject(path.Dir(by), i.path)
	if (!ok || !r.readFile(full)) && !i.optional {
		r.out.notes = append(r.out.notes,
			i.source+" imports "+commentText(i.path)+", which cannot be read: recipes in it are not known")
	}
}

type justImport struct {
	path, source string
	optional     bool
}

// A justPart is one file while it is parsed.
type justPart struct {
	reader  *justReader
	name    string
	pending *recipe         // holds the comment and the attributes for the next recipe
	current *recipe         // the recipe whose body may continue
	quote   string          // the quote that ends the string in which the line is
	defined map[string]bool // names that this file has defined
	imports []justImport
}

func (p *justPart) line(line string, at int) {
	switch {
	case p.quote != "":
		if strings.Contains(line, p.quote) {
			p.quote = ""
		}
	case p.current != nil && (line == "" || line[0] == ' ' || line[0] == '\t'):
		if line != "" {
			p.current.body = append(p.current.body, strings.TrimSpace(line))
		}
	case line == "":
		p.pending = &recipe{}
	case line[0] == '#':
		p.current, p.pending.doc = nil, commentText(line)
	case line[0] == '[':
		p.current = nil
		p.attributes(line)
	default:
		p.current = nil
		p.item(line, p.name+":"+strconv.Itoa(at))
		p.pending = &recipe{}
	}
}

// item reads a line that is an assignment, a directive or the header of a recipe.
func (p *justPart) item(line, source string) {
	p.quote = unclosed(line)
	tokens := justTokens(line)
	if len(tokens) == 0 {
		return
	}
	word, n := tokens[0], len(tokens)
	switch {
	case word == "alias" && n >= 4 && tokens[2] == ":=":
		p.alias(tokens[1], tokens[3], source)
	case (word == "import" || word == "mod") && n >= 2 && !slices.Contains(tokens, ":"):
		p.importOrModule(tokens, source)
	case slices.Contains(tokens, ":="):
	default:
		p.header(tokens, source)
	}
}

func (p *justPart) importOrModule(tokens []string, source string) {
	optional := tokens[1] == "?"
	what := strings.Trim(tokens[len(tokens)-1], `'"`)
	if tokens[0] == "import" {
		p.imports = append(p.imports, justImport{what, source, optional})
		return
	}
	p.reader.out.notes = append(p.reader.out.notes,
		source+" has the module "+commentText(what)+": its recipes are not offered")
}

func (p *justPart) alias(name, of, source string) {
	a := *p.pending
	a.name, a.needs, a.source = name, []string{of}, source
	p.reader.out.aliases = append(p.reader.out.aliases, &a)
}

// header reads "name parameters: needs". A recipe of an earlier file wins; within one file, the last one
// does.
func (p *justPart) header(tokens []string, source string) {
	name, required, needs, ok := justHeader(tokens)
	if !ok {
		return
	}
	p.pending.name, p.pending.source, p.pending.required, p.pending.needs = name, source, required, needs
	p.current = p.pending
	old, taken := p.reader.out.by[name]
	switch {
	case !taken:
		p.reader.out.recipes = append(p.reader.out.recipes, p.current)
		p.reader.out.by[name] = p.current
		p.defined[name] = true
	case p.defined[name]:
		p.current.systems = append(old.systems, p.current.systems...)
		*old = *p.current
		p.current = old
	}
}

// attributes reads "[private, doc('text'), linux]".
func (p *justPart) attributes(line string) {
	tokens := justTokens(line)
	for i, t := range tokens {
		switch {
		case t == "private":
			p.pending.private = true
		case t == "confirm":
			p.pending.confirm = true
		case slices.Contains(justSystems, t):
			p.pending.systems = append(p.pending.systems, t)
		case t == "doc" && i+2 < len(tokens):
			p.pending.doc = commentText(strings.Trim(tokens[i+2], `'"`))
		}
	}
}
