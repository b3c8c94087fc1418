package main

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"text/template"
	"time"
)

type Rec struct {
	Name string
	Tags []string
	When time.Time
	Sub  *Rec
}

func (r Rec) Upper() string           { return strings.ToUpper(r.Name) }
func (r *Rec) Join(sep string) string { return strings.Join(r.Tags, sep) }
func (r Rec) Fail(b bool) (string, error) {
	if b {
		return "", fmt.Errorf("failed %s", r.Name)
	}
	return "fine", nil
}

func work(in chan int, out chan<- int, k int) int {
	x := <-in
	time.Sleep(time.Millisecond)
	out <- x * k
	return k
}

func named() {}

func main() {
	t := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	v := reflect.ValueOf(t)
	fmt.Println(v.MethodByName("Format").Call([]reflect.Value{reflect.ValueOf(time.RFC3339)})[0], v.NumMethod() > 40, v.Type().Method(0).Name)
	fmt.Println(v.MethodByName("AddDate").Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf(0), reflect.ValueOf(1)})[0].Interface().(time.Time).Weekday())
	var b bytes.Buffer
	bv := reflect.ValueOf(&b)
	bv.MethodByName("WriteString").Call([]reflect.Value{reflect.ValueOf("hello ")})
	bv.MethodByName("Write").Call([]reflect.Value{reflect.ValueOf([]byte("world"))})
	fmt.Println(b.String(), bv.MethodByName("Len").Call(nil)[0], bv.Type().NumMethod())
	for i := range bv.NumMethod() {
		fmt.Print(bv.Type().Method(i).Name, " ", bv.Method(i).Type(), "; ")
	}
	fmt.Println()
	fmt.Println(runtime.FuncForPC(reflect.ValueOf(named).Pointer()).Name(), runtime.FuncForPC(reflect.ValueOf(strings.ToUpper).Pointer()).Name())

	tm := template.Must(template.New("x").Funcs(template.FuncMap{"twice": func(s string) string { return s + s }}).Parse(
		`{{.Name}} {{.Upper}} {{.Join "-"}} {{range $i, $t := .Tags}}{{$i}}:{{$t | twice}} {{end}}{{.When.Format "Jan 2"}} {{with .Sub}}{{.Name}}{{end}} {{len .Tags}} {{printf "%05d" 42}} {{.Fail false}}{{"\n"}}`))
	err := tm.Execute(os.Stdout, &Rec{"ann", []string{"a", "b"}, t, &Rec{Name: "sub"}})
	fmt.Println(err)
	tm = template.Must(template.New("y").Parse(`{{.Fail true}}`))
	fmt.Println(tm.Execute(os.Stdout, Rec{Name: "bob"}))

	// Calls that wait, many at once.
	in, out := make(chan int), make(chan int)
	var wg sync.WaitGroup
	f := reflect.ValueOf(work)
	for k := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := f.Call([]reflect.Value{reflect.ValueOf(in), reflect.ValueOf(out), reflect.ValueOf(k)})
			if r[0].Int() != int64(k) {
				panic("wrong")
			}
		}()
	}
	go func() {
		for range 20 {
			in <- 2
		}
	}()
	sum := 0
	for range 20 {
		sum += <-out
	}
	wg.Wait()
	fmt.Println(sum)

	// A made function that waits, called by coroutines; selects by reflection in goroutines.
	wait := reflect.MakeFunc(reflect.TypeFor[func(chan int) (int, string)](), func(a []reflect.Value) []reflect.Value {
		x, ok := a[0].Recv()
		return []reflect.Value{x, reflect.ValueOf(fmt.Sprint(ok))}
	}).Interface().(func(chan int) (int, string))
	res := make(chan string)
	for range 10 {
		go func() { n, s := wait(in); res <- fmt.Sprint(n, s) }()
	}
	for k := range 10 {
		in <- k * k
	}
	total := map[string]int{}
	for range 10 {
		total[<-res]++
	}
	fmt.Println(total)
	chans := make([]chan int, 5)
	cases := make([]reflect.SelectCase, 5)
	for i := range chans {
		chans[i] = make(chan int)
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(chans[i])}
		go func() {
			for k := range 20 {
				chans[i] <- k * i
			}
			close(chans[i])
		}()
	}
	got, open := 0, 5
	for open > 0 {
		i, v, ok := reflect.Select(cases)
		if !ok {
			cases[i].Chan = reflect.Value{}
			open--
			continue
		}
		got += int(v.Int())
	}
	fmt.Println(got)
	var once sync.Once
	defer func() { fmt.Println("recovered:", recover()) }()
	once.Do(reflect.ValueOf(func() { var m map[string]int; m["x"] = 1 }).Interface().(func()))
}
