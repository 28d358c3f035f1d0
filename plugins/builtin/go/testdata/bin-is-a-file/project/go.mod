module github.com/acme/bin

go 1.27
