package main

import _ "embed"

//go:embed page.txt
var s string

func main() {}
