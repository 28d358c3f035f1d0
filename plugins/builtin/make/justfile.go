package main

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// justfileNames are the names that people give a justfile; just itself takes any case.
var justfileNames = []string{"justfile", "Justfile", "JUSTFILE", ".justfile", ".Justfile"}

// justfile is what the text of a justfile, and of the files that it imports, says.
type justfile struct {
	recipes []*recipe
	by      map[string]*recipe
	aliases []*recipe // each needs the recipe that it is another name of
	notes   []string
}

// recipe of a justfile.
type recipe struct {
	name    string
	source  string
	doc     string
	lacks   []string // parameters without a default
	needs   []string
	body    []string
	systems []string // the operating systems that it is for; all, if none
	private bool
	confirm bool
}

var justSystems = []string{"linux", "macos", "unix", "windows", "openbsd", "freebsd", "netbsd"}

// parseJustfile reads the justfile of the name.
func parseJustfile(name string, files files) *justfile {
	out := &justfile{by: map[string]*recipe{}}
	r := &justReader{out: out, files: files, seen: map[string]bool{}, bytes: maxBytes}
	r.file(name)
	return out
}

// justReader goes through justfiles line by line.
type justReader struct {
	out   *justfile
	files files
	seen  map[string]bool
	bytes int
}

func (r *justReader) file(name string) bool {
	if r.seen[name] {
		return true
	}
	text, ok := r.files.Read(name)
	if !ok || len(r.seen) >= maxFiles || len(text) > r.bytes {
		return false
	}
	r.seen[name] = true
	r.bytes -= len(text)
	p := &justPart{reader: r, name: name, pending: &recipe{}, own: map[string]bool{}}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		p.line(strings.TrimRight(line, " \t\r"), i+1)
	}
	for _, i := range p.imports {
		r.imported(i, name)
	}
	return true
}

// imported reads an imported file. What imports it has the last word, so it is read after that.
func (r *justReader) imported(i justImport, by string) {
	full, ok := inProject(path.Dir(by), i.path)
	if (!ok || !r.file(full)) && !i.optional {
		r.out.notes = append(r.out.notes, i.source+" imports "+plain(i.path)+", which cannot be read: recipes in it are not known")
	}
}

type justImport struct {
	path, source string
	optional     bool
}

// justPart is one file, on the way through it.
type justPart struct {
	reader  *justReader
	name    string
	pending *recipe         // holds the comment and the attributes for the next recipe
	open    *recipe         // the recipe whose body may go on
	quote   string          // what ends the string of several lines that is open
	own     map[string]bool // names that this file has defined
	imports []justImport
}

func (p *justPart) line(line string, at int) {
	switch {
	case p.quote != "":
		if strings.Contains(line, p.quote) {
			p.quote = ""
		}
	case p.open != nil && (line == "" || line[0] == ' ' || line[0] == '\t'):
		if line != "" {
			p.open.body = append(p.open.body, strings.TrimSpace(line))
		}
	case line == "":
		p.pending = &recipe{}
	case line[0] == '#':
		p.open, p.pending.doc = nil, plain(line)
	case line[0] == '[':
		p.open = nil
		p.attributes(line)
	default:
		p.open = nil
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
		p.other(tokens, source)
	case slices.Contains(tokens, ":="):
	default:
		p.header(tokens, source)
	}
}

func (p *justPart) other(tokens []string, source string) {
	optional := tokens[1] == "?"
	what := strings.Trim(tokens[len(tokens)-1], `'"`)
	if tokens[0] == "import" {
		p.imports = append(p.imports, justImport{what, source, optional})
		return
	}
	p.reader.out.notes = append(p.reader.out.notes, source+" has the module "+plain(what)+": its recipes are not offered")
}

func (p *justPart) alias(name, of, source string) {
	a := *p.pending
	a.name, a.needs, a.source = name, []string{of}, source
	p.reader.out.aliases = append(p.reader.out.aliases, &a)
}

// header reads "name parameters: needs". An earlier file that defined the name has it already; in one file, the last one
// counts.
func (p *justPart) header(tokens []string, source string) {
	name, lacks, needs, ok := justHeader(tokens)
	if !ok {
		return
	}
	p.pending.name, p.pending.source, p.pending.lacks, p.pending.needs = name, source, lacks, needs
	p.open = p.pending
	old, taken := p.reader.out.by[name]
	switch {
	case !taken:
		p.reader.out.recipes = append(p.reader.out.recipes, p.open)
		p.reader.out.by[name] = p.open
		p.own[name] = true
	case p.own[name]:
		p.open.systems = append(old.systems, p.open.systems...)
		*old = *p.open
		p.open = old
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
			p.pending.doc = plain(strings.Trim(tokens[i+2], `'"`))
		}
	}
}
