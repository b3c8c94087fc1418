package runtime

import "unsafe"

// Interface tables made at run time, and interface conversions.

// itabTable is an open-addressed hash table of tables by (interface type, type); a missing implementation is cached as
// a table with fun[0] == nil. Tables live for ever, outside of the heap.
var itabTable struct {
	slots unsafe.Pointer // *itab each
	mask  uintptr
	count uintptr
}

func itabHash(inter *interfaceType, t *_type) uintptr {
	return uintptr(inter.typ.hash ^ t.hash)
}

func itabSlot(slots unsafe.Pointer, i uintptr) **itab {
	return (**itab)(add(slots, i*8))
}

// getitab is the table of type t for an interface type, nil if t does not implement it.
func getitab(ip, t *_type) unsafe.Pointer {
	inter := (*interfaceType)(unsafe.Pointer(ip))
	if itabTable.slots != nil {
		for i := itabHash(inter, t) & itabTable.mask; ; i = (i + 1) & itabTable.mask {
			tab := *itabSlot(itabTable.slots, i)
			if tab == nil {
				break
			}
			if tab.inter == inter && tab.typ == t {
				if tab.fun[0] == nil {
					return nil
				}
				return unsafe.Pointer(tab)
			}
		}
	}
	tab := newitab(inter, t)
	addItab(tab)
	if tab.fun[0] == nil {
		return nil
	}
	return unsafe.Pointer(tab)
}

func addItab(tab *itab) {
	if 4*itabTable.count >= 3*itabTable.mask {
		size := uintptr(256)
		if itabTable.slots != nil {
			size = (itabTable.mask + 1) * 2
		}
		slots := unsafe.Pointer(metaAlloc(size * 8))
		old, n := itabTable.slots, itabTable.mask
		itabTable.slots = slots
		itabTable.mask = size - 1
		if old != nil {
			for i := uintptr(0); i <= n; i++ {
				if tab := *itabSlot(old, i); tab != nil {
					insertItab(tab)
				}
			}
		}
	}
	itabTable.count++
	insertItab(tab)
}

func insertItab(tab *itab) {
	i := itabHash(tab.inter, tab.typ) & itabTable.mask
	for *itabSlot(itabTable.slots, i) != nil {
		i = (i + 1) & itabTable.mask
	}
	*itabSlot(itabTable.slots, i) = tab
}

func newitab(inter *interfaceType, t *_type) *itab {
	n := len(inter.methods)
	tab := (*itab)(unsafe.Pointer(metaAlloc(24 + uintptr(n+1)*8)))
	tab.inter = inter
	tab.typ = t
	tab.hash = t.hash
	if missingMethod(inter, t, unsafe.Pointer(&tab.fun)) != nil {
		tab.fun[0] = nil
	}
	return tab
}

// missingMethod fills fun with the records of t's methods that the interface wants; it answers the name of the first
// that t lacks, nil if it has them all. Both lists are sorted by name.
func missingMethod(inter *interfaceType, t *_type, fun unsafe.Pointer) unsafe.Pointer {
	u := t.uncommon()
	j := 0
	for i := 0; i < len(inter.methods); i++ {
		im := &inter.methods[i]
		want := nameAt(im.name)
		name := nameText(want)
		found := false
		for u != nil && j < int(u.mcount) {
			m := u.method(j)
			j++
			have := nameAt(m.name)
			if m.mtyp != im.typ || !eqstring(nameText(have), name) {
				continue
			}
			if !nameExported(want) && !eqstring(packageOf(want, nameText(inter.pkgPath)), packageOf(have, nameText(nameAt(u.pkgPath)))) {
				continue
			}
			found = true
			if fun != nil {
				f := offsetAt(m.ifn)
				if f == nil {
					f = recordOfFunc(unlinkedMethod)
				}
				*(*unsafe.Pointer)(add(fun, uintptr(i)*8)) = f
			}
			break
		}
		if !found {
			return want
		}
	}
	return nil
}

// unlinkedMethod stands in tables for a method that no call in the program can reach, which is not linked.
func unlinkedMethod() {
	throw("a method was called that is not linked")
}

// packageOf is the package of an unexported method: stored with its name, or else its type's.
func packageOf(name unsafe.Pointer, otherwise string) string {
	if s := namePkgPath(name); len(s) != 0 {
		return s
	}
	return otherwise
}

// assertitab is the table for converting a value of type t to an interface it implements; nil for nil.
func assertitab(inter, t *_type) unsafe.Pointer {
	if t == nil {
		return nil
	}
	return getitab(inter, t)
}

func ifacetype(tab unsafe.Pointer) *_type {
	if tab == nil {
		return nil
	}
	return (*itab)(tab).typ
}
