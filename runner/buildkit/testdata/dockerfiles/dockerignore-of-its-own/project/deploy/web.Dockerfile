FROM busybox:1.36
WORKDIR /all
COPY . .
CMD ["sh", "-c", "find . -type f | sort"]
