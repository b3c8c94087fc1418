package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	c := make(chan os.Signal, 10)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println(<-c)
	p, _ := os.FindProcess(os.Getpid())
	p.Signal(syscall.SIGUSR2)
	fmt.Println(<-c)
	signal.Stop(c)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() { time.Sleep(10 * time.Millisecond); p.Signal(os.Interrupt) }()
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx))
	stop()
	signal.Ignore(syscall.SIGHUP)
	fmt.Println(signal.Ignored(syscall.SIGHUP), signal.Ignored(syscall.SIGTERM))
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	time.Sleep(5 * time.Millisecond)
	fmt.Println("still here")
	signal.Notify(c, syscall.SIGTERM)
	for range 5 {
		p.Signal(syscall.SIGTERM)
		fmt.Println(<-c)
	}
}
