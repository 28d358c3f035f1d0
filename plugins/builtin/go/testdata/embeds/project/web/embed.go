package web

import "embed"

//go:embed dist/*.html "a b.txt" all:static
//go:embed *.sql
var files embed.FS

//go:embedded no
