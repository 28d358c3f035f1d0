package floors

import (
	"go/ast"
	"strings"
	"testing"
)

// TestErrorTypesEndInError keeps the names of error types.
func TestErrorTypesEndInError(t *testing.T) {
	found := 0
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			name := errorType(d)
			if name == "" || s.isTest() {
				continue
			}
			if found++; !strings.HasSuffix(name, "Error") {
				t.Errorf("%s: the name of error type %q does not end in Error", s.at(d), name)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d error types were found", found)
	}
}

// errorType returns the name of the type for which a declaration is the method Error; empty for all other
// declarations.
func errorType(d ast.Decl) string {
	f, is := d.(*ast.FuncDecl)
	if !is || f.Recv == nil || f.Name.Name != "Error" || f.Type.Params.NumFields() > 0 {
		return ""
	}
	on := f.Recv.List[0].Type
	if pointer, is := on.(*ast.StarExpr); is {
		on = pointer.X
	}
	name, _ := on.(*ast.Ident)
	return name.Name
}
