module example.com/gleam

go 1.26.3

require github.com/davit-dev/davit v0.0.0

replace github.com/davit-dev/davit => ../../..
