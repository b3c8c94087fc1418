// Renders a report of 500 orders with text/template and finds amounts and names in it with regexp, 40 times. Prints the
// seconds that rendering and searching take, and what was found.
package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"
)

type item struct {
	Name  string
	Count int
	Price float64
}

type order struct {
	Number int
	Name   string
	Items  []item
}

// Total is called by the template.
func (o order) Total() (sum float64) {
	for _, i := range o.Items {
		sum += float64(i.Count) * i.Price
	}
	return
}

const report = `{{define "item"}}  {{printf "%-12s" .Name}} {{.Count | printf "%3d"}} x {{printf "%8.2f" .Price}}
{{end}}{{range $i, $o := .}}{{if $i}}
{{end}}Order {{.Number}} of {{.Name | upper}}{{with .Items}}
{{range .}}{{template "item" .}}{{end}}{{else}} (empty)
{{end}}Total: {{.Total | printf "%.2f"}}
{{end}}`

var (
	total = regexp.MustCompile(`(?m)^Total: (\d+)\.(\d{2})$`)
	named = regexp.MustCompile(`Order (\d+) of ([A-Z]+ (?:SMITH|J[A-Z]*))\b`)
	spare = regexp.MustCompile(`\s{2,}`)
)

func orders(n int) []order {
	names := []string{"Ann Smith", "Bo Jones", "Cy Miller", "Di Jackson", "Ed Brown"}
	all := make([]order, n)
	for i := range all {
		o := order{Number: 1000 + i, Name: names[i%len(names)]}
		for j := range i % 7 {
			o.Items = append(o.Items, item{"thing " + strconv.Itoa(j*i%97), j + 1, float64(i*j) / 8})
		}
		all[i] = o
	}
	return all
}

func main() {
	t := template.Must(template.New("report").Funcs(template.FuncMap{"upper": strings.ToUpper}).Parse(report))
	data := orders(500)
	var rendering, searching time.Duration
	cents, found, size := 0, 0, 0
	for range 40 {
		start := time.Now()
		var out strings.Builder
		if err := t.Execute(&out, data); err != nil {
			panic(err)
		}
		text := out.String()
		rendering += time.Since(start)
		start = time.Now()
		for _, m := range total.FindAllStringSubmatch(text, -1) {
			whole, _ := strconv.Atoi(m[1])
			part, _ := strconv.Atoi(m[2])
			cents += whole*100 + part
		}
		found += len(named.FindAllStringIndex(text, -1))
		size += len(spare.ReplaceAllString(text, " "))
		searching += time.Since(start)
	}
	fmt.Printf("rendering %.2f s, searching %.2f s: %d cents, %d names, %d bytes\n", rendering.Seconds(), searching.Seconds(), cents, found, size)
}
