module github.com/acme/dock

go 1.21
