module github.com/acme/quay/tools

go 1.24

tool honnef.co/go/tools/cmd/staticcheck
