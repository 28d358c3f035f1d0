package php

import (
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A linter is a program that checks sources, with what makes it check and what makes it rewrite them.
type linter struct {
	program string
	configs []string
	check   []string
	// fixer is the program that formats, "" for none, and fix its arguments.
	fixer string
	fix   []string
}

var linters = []linter{
	{"phpstan", []string{"phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon"}, []string{"analyse", "--no-progress"}, "", nil},
	{"psalm", []string{"psalm.xml", "psalm.xml.dist"}, []string{"--no-progress"}, "", nil},
	{"php-cs-fixer", []string{".php-cs-fixer.php", ".php-cs-fixer.dist.php", ".php_cs", ".php_cs.dist"},
		[]string{"fix", "--dry-run", "--diff", "--using-cache=no"}, "php-cs-fixer", []string{"fix"}},
	{"phpcs", []string{"phpcs.xml", "phpcs.xml.dist", ".phpcs.xml", ".phpcs.xml.dist"}, nil, "phpcbf", nil},
	{"pint", []string{"pint.json"}, []string{"--test"}, "pint", nil},
}

// linters offers the linters that a pipeline calls or that are configured, unless scripts of composer.json are the style.
func (p *project) linters() {
	if p.Has("style") {
		return
	}
	var names []string
	for _, l := range linters {
		if !p.Checked(l.program, l.configs...) && !(l.program == "pint" && p.requires("laravel/pint") && p.Exists("artisan")) {
			continue
		}
		args := append([]string{}, l.check...)
		if l.program == "phpcs" && p.FirstOf(l.configs...) == "" {
			continue // what it is to check is in the arguments that only the pipeline has
		}
		p.AddAs("style", "style-"+l.program, p.tool(l.program, args...), "")
		if names = append(names, l.program); l.fixer != "" {
			p.AddAs("format", "format-"+l.fixer, p.tool(l.fixer, l.fix...), "")
		}
	}
	if calls := p.Calls("composer"); len(calls) > 0 {
		for _, c := range calls {
			if len(c.Words) > 1 && c.Words[1] == "validate" {
				p.AddAs("style", "style-validate", stack.Exec(c.Words...), "")
				names = append(names, "composer validate")
				break
			}
		}
	}
	if len(names) > 0 {
		p.Explain("style", strings.Join(names, ", "))
	}
}
