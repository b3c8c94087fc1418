module buildtags

go 1.27
