// strings, bytes, bufio and unicode over ten megabytes of generated text.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

func text(size int) string {
	words := []string{"alpha", "Beta", "gamma", "ДЕЛЬТА", "epsilon", "zêta", "η", "日本語", "kappa", "λάμδα", "Mu", "x", "42", "3.14", "naïve", "Ångström", "foo_bar", "end."}
	var b strings.Builder
	b.Grow(size + 100)
	x := uint32(1)
	col := 0
	for b.Len() < size {
		x = x*1664525 + 1013904223
		w := words[x>>8%uint32(len(words))]
		b.WriteString(w)
		col += len(w)
		if col > 60+int(x>>28) {
			b.WriteByte('\n')
			if x>>27&1 == 1 {
				b.WriteString("\t")
			}
			col = 0
		} else {
			b.WriteByte(" ,;-"[x>>20&3])
			col++
		}
	}
	return b.String()
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i, c := range p[:n] {
		switch {
		case 'a' <= c && c <= 'z':
			p[i] = 'a' + (c-'a'+13)%26
		case 'A' <= c && c <= 'Z':
			p[i] = 'A' + (c-'A'+13)%26
		}
	}
	return n, err
}

func main() {
	t := text(10 << 20)
	fmt.Println("text", len(t), hash(t), utf8.RuneCountInString(t), utf8.ValidString(t))

	lines, longest := 0, 0
	sc := bufio.NewScanner(strings.NewReader(t))
	for sc.Scan() {
		lines++
		longest = max(longest, len(sc.Text()))
	}
	fmt.Println("lines", lines, longest, sc.Err(), strings.Count(t, "\n"))

	counts := map[string]int{}
	sc = bufio.NewScanner(strings.NewReader(t))
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		for _, w := range strings.FieldsFunc(sc.Text(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) {
			counts[strings.ToLower(w)]++
		}
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Print(k, ":", counts[k], " ")
	}
	fmt.Println()

	up := strings.ToUpper(t)
	fmt.Println("upper", hash(up), hash(strings.ToLower(up)), hash(strings.Title("the title case")), hash(strings.ToTitle(t[:100000])))
	fmt.Println("replace", hash(strings.ReplaceAll(t, "alpha", "ALPHA!")), hash(strings.NewReplacer("a", "1", "e", "2", "日本", "JP", "kappa", "k").Replace(t)), hash(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		if unicode.IsPunct(r) {
			return -1
		}
		return r
	}, t)))
	fs := strings.Fields(t)
	fmt.Println("fields", len(fs), len(strings.Split(t, ",")), hash(strings.Join(fs, "+")), strings.Index(t, "kappa kappa;"), strings.LastIndex(t, "Mu\n"), strings.IndexAny(t, "λ9"), strings.IndexByte(t, '\t'), strings.IndexRune(t, 'Å'), strings.Count(t, "日本"))

	b := []byte(t)
	fmt.Println("bytes", bytes.Count(b, []byte("naïve")), bytes.Index(b, []byte("epsilon epsilon epsilon")), len(bytes.Fields(b)), bytes.Equal(bytes.ToUpper(b), []byte(up)), len(bytes.TrimSpace(b)), bytes.LastIndexByte(b, 'x'))
	var letters, digits, uppers, spaces, puncts, marks int
	for _, r := range t {
		switch {
		case unicode.IsUpper(r):
			uppers++
			fallthrough
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case unicode.IsSpace(r):
			spaces++
		case unicode.IsPunct(r):
			puncts++
		default:
			marks++
		}
	}
	fmt.Println("classes", letters, digits, uppers, spaces, puncts, marks)

	var out bytes.Buffer
	w := bufio.NewWriterSize(&out, 4096)
	n, err := io.Copy(w, rot13{strings.NewReader(t)})
	w.Flush()
	fmt.Println("rot13", n, err, hash(out.String()))
	rd := bufio.NewReader(&out)
	total, cut := 0, 0
	for {
		line, prefix, err := rd.ReadLine()
		if err != nil {
			fmt.Println("ReadLine", total, cut, err)
			break
		}
		total += len(line)
		if prefix {
			cut++
		}
	}
	rr := bufio.NewReader(strings.NewReader(t))
	runes, size := 0, 0
	for {
		_, k, err := rr.ReadRune()
		if err != nil {
			break
		}
		runes++
		size += k
		if runes%1000 == 0 {
			rr.UnreadRune()
			runes--
			size -= k
			if p, err := rr.Peek(4); err == nil {
				size += int(p[0]) & 0
			}
			rr.ReadRune()
			runes++
			size += k
		}
	}
	fmt.Println("runes", runes, size)
}
