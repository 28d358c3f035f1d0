module github.com/acme/old

go 1.13
