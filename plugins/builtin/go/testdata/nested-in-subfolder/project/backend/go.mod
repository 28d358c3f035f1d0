module example.com/backend

go 1.25

require golang.org/x/net v0.38.0
