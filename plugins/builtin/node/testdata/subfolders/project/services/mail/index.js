require("http").createServer().listen(8025);
