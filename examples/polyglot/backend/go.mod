module example.com/polyglot/backend

go 1.26
