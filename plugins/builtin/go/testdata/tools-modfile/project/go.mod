module github.com/acme/quay

go 1.24
