module github.com/acme/twin/v2

go 1.26.1
