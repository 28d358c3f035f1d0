package floors

import (
	"go/ast"
	"go/token"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// word is a name or a key, and where it is.
type word struct{ text, path, at string }

func (s source) word(text string, n ast.Node) word { return word{text, s.path, s.at(n)} }

// names returns the names that a source declares, at any depth: of types, functions, methods, fields,
// parameters, variables and constants. A test declares what it likes.
func names(s source) (all []word) {
	if s.isTest() {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		for _, id := range declared(n) {
			all = append(all, s.word(id.Name, id))
		}
		return true
	})
	return all
}

// declared returns the names that a node itself declares.
func declared(n ast.Node) []*ast.Ident {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return []*ast.Ident{n.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.Field:
		return n.Names
	case *ast.AssignStmt:
		return defined(n.Tok, n.Lhs...)
	case *ast.RangeStmt:
		return defined(n.Tok, n.Key, n.Value)
	}
	return nil
}

// defined returns the names on the left of a := statement.
func defined(operator token.Token, left ...ast.Expr) (all []*ast.Ident) {
	for _, e := range left {
		if id, is := e.(*ast.Ident); is && operator == token.DEFINE {
			all = append(all, id)
		}
	}
	return all
}

// keys returns the keys that a source gives to documents: those in the tags of its structs, and the literal
// keys of maps. A test writes what it likes.
func keys(s source) (all []word) {
	if s.isTest() {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, key := range tagKeys(n.Tag) {
				all = append(all, s.word(key, n))
			}
		case *ast.KeyValueExpr:
			all = append(all, literalKey(s, n.Key)...)
		case *ast.IndexExpr:
			all = append(all, literalKey(s, n.Index)...)
		}
		return true
	})
	return all
}

// tagKeys returns the keys in the tag of a field.
func tagKeys(tag *ast.BasicLit) (all []string) {
	if tag == nil {
		return nil
	}
	text, err := strconv.Unquote(tag.Value)
	if err != nil {
		return nil
	}
	for _, format := range []string{"json", "toml", "yaml"} {
		key, _, _ := strings.Cut(reflect.StructTag(text).Get(format), ",")
		all = append(all, key)
	}
	return all
}

var isKey = regexp.MustCompile(`^[A-Za-z_][\w-]*$`)

// literalKey returns the key that an expression is, if it is a string that can be one of a document.
func literalKey(s source, e ast.Expr) []word {
	literal, is := e.(*ast.BasicLit)
	if !is || literal.Kind != token.STRING {
		return nil
	}
	if key, err := strconv.Unquote(literal.Value); err == nil && isKey.MatchString(key) {
		return []word{s.word(key, literal)}
	}
	return nil
}
