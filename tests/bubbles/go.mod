module ex.org/bubbles

go 1.27
