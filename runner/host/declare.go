package host

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// declarations are the utilities that take assignments. In POSIX mode the parser reads them as ordinary
// commands, which the interpreter does not have; it has the clauses that the parser makes of them in Bash
// mode. As in Bash, and as POSIX requires since 2024, the value of an assignment is not split into fields.
var declarations = map[string]bool{"export": true, "readonly": true, "local": true}

// declare turns the declarations of a script into clauses.
func declare(file *syntax.File) {
	syntax.Walk(file, func(node syntax.Node) bool {
		statement, ok := node.(*syntax.Stmt)
		if !ok {
			return true
		}
		call, ok := statement.Cmd.(*syntax.CallExpr)
		if ok && len(call.Assigns) == 0 && len(call.Args) > 0 && declarations[call.Args[0].Lit()] {
			statement.Cmd = clause(call)
		}
		return true
	})
}

func clause(call *syntax.CallExpr) *syntax.DeclClause {
	d := &syntax.DeclClause{Variant: call.Args[0].Parts[0].(*syntax.Lit)}
	for _, word := range call.Args[1:] {
		d.Args = append(d.Args, assignment(word))
	}
	return d
}

// assignment returns a word as an assignment, NAME=value, or else as a word to be expanded.
func assignment(word *syntax.Word) *syntax.Assign {
	first, ok := word.Parts[0].(*syntax.Lit)
	if !ok {
		return &syntax.Assign{Naked: true, Value: word}
	}
	name, rest, ok := strings.Cut(first.Value, "=")
	if !ok || !syntax.ValidName(name) {
		return &syntax.Assign{Naked: true, Value: word}
	}
	value := &syntax.Word{Parts: append([]syntax.WordPart{}, word.Parts[1:]...)}
	if rest != "" {
		value.Parts = append([]syntax.WordPart{literal(first, rest)}, value.Parts...)
	}
	return &syntax.Assign{Name: literal(first, name), Value: value}
}

// literal returns a part of a literal, at the place of the whole.
func literal(whole *syntax.Lit, part string) *syntax.Lit {
	return &syntax.Lit{ValuePos: whole.ValuePos, ValueEnd: whole.ValueEnd, Value: part}
}
