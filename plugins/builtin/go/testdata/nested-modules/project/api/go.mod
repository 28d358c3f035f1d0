module example.com/harbour/api
