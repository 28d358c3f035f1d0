module example.com/tracked

go 1.25
