class ApiTest {}
