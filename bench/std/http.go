// An HTTP server and its clients in one process, over loopback: so many keep-alive connections, so many requests.
//
//	httpload [connections [requests]]
//
// Prints requests a second, and the memory that an idle connection holds (both its ends).
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func argument(i, otherwise int) int {
	if len(os.Args) > i {
		n, err := strconv.Atoi(os.Args[i])
		if err != nil {
			panic(err)
		}
		return n
	}
	return otherwise
}

// resident is the process's memory in bytes, garbage not counted.
func resident() int {
	runtime.GC()
	runtime.GC()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	pages, err := strconv.Atoi(string(bytes.Fields(data)[1]))
	if err != nil {
		panic(err)
	}
	return pages * os.Getpagesize()
}

func main() {
	connections, requests := argument(1, 1000), argument(2, 50000)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var accepted atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("GET /square/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, n*n)
	})
	server := &http.Server{Handler: mux, ConnState: func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			accepted.Add(1)
		}
	}}
	go server.Serve(l)
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: connections, MaxIdleConnsPerHost: connections}}
	get := func(n int) {
		resp, err := client.Get(fmt.Sprintf("http://%s/square/%d", l.Addr(), n))
		if err != nil {
			panic(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 200 || string(body) != strconv.Itoa(n*n) {
			panic(fmt.Sprintf("%d: %s, %q, %v", n, resp.Status, body, err))
		}
	}
	get(1)
	before := resident()
	start := time.Now()
	var next atomic.Int32
	var wg sync.WaitGroup
	// Everyone holds the first answer until all have one: so there are as many connections.
	var first sync.WaitGroup
	first.Add(connections)
	for range connections {
		wg.Go(func() {
			resp, err := client.Get(fmt.Sprintf("http://%s/square/%d", l.Addr(), 7))
			if err != nil {
				panic(err)
			}
			first.Done()
			first.Wait()
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			for {
				n := int(next.Add(1))
				if n > requests-connections {
					return
				}
				get(n % 10000)
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	fmt.Printf("%d connections, %d requests without an error: %.0f a second\n", accepted.Load(), requests,
		float64(requests)/elapsed.Seconds())
	fmt.Printf("%d bytes a connection\n", (resident()-before)/connections)
}
