module github.com/acme/pair

go 1.25
