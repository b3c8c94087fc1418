package runtime

import "unsafe"

// Interface tables made at run time, and interface conversions.

// itabTable is an open-addressed hash table of tables by (interface type, type); a missing implementation is cached as
// a table with fun[0] == nil. Tables live for ever, outside of the heap. Who looks something up takes no lock: what the
// hash table consists of is complete before it can be found, and does not change but from nil.
var itabTable struct {
	lock  mutex
	slots uintptr // atomic: *itabSlots
	count uintptr
}

// itabSlots is followed by mask+1 words: addresses of tables.
type itabSlots struct {
	mask uintptr
}

func (t *itabSlots) slot(i uintptr) *uintptr {
	return (*uintptr)(add(unsafe.Pointer(t), 8+(i&t.mask)*8))
}

func itabHash(inter *interfaceType, t *_type) uintptr {
	return uintptr(inter.typ.hash ^ t.hash)
}

// find is the table that is listed; nil: there is none.
func (t *itabSlots) find(inter *interfaceType, typ *_type) *itab {
	if t == nil {
		return nil
	}
	for i := itabHash(inter, typ); ; i++ {
		tab := (*itab)(unsafe.Pointer(atomicload64(t.slot(i))))
		if tab == nil || tab.inter == inter && tab.typ == typ {
			return tab
		}
	}
}

func (t *itabSlots) insert(tab *itab) {
	i := itabHash(tab.inter, tab.typ)
	for *t.slot(i) != 0 {
		i++
	}
	atomicstorerel64(t.slot(i), uintptr(unsafe.Pointer(tab)))
}

func loadItabs() *itabSlots {
	return (*itabSlots)(unsafe.Pointer(atomicload64(&itabTable.slots)))
}

// getitab is the table of type t for an interface type, nil if t does not implement it.
func getitab(ip, t *_type) unsafe.Pointer {
	inter := (*interfaceType)(unsafe.Pointer(ip))
	tab := loadItabs().find(inter, t)
	if tab == nil {
		tab = addItab(newitab(inter, t))
	}
	if tab.fun[0] == nil {
		return nil
	}
	return unsafe.Pointer(tab)
}

// addItab enters a table, and answers it, or the one that another worker has entered.
func addItab(tab *itab) *itab {
	lock(&itabTable.lock)
	slots := loadItabs()
	if other := slots.find(tab.inter, tab.typ); other != nil {
		unlock(&itabTable.lock)
		return other
	}
	if slots == nil || 4*itabTable.count >= 3*slots.mask {
		size := uintptr(256)
		if slots != nil {
			size = (slots.mask + 1) * 2
		}
		bigger := (*itabSlots)(unsafe.Pointer(metaAlloc(8 + size*8)))
		bigger.mask = size - 1
		for i := uintptr(0); slots != nil && i <= slots.mask; i++ {
			if each := *slots.slot(i); each != 0 {
				bigger.insert((*itab)(unsafe.Pointer(each)))
			}
		}
		slots = bigger
		atomicstorerel64(&itabTable.slots, uintptr(unsafe.Pointer(slots)))
	}
	itabTable.count++
	slots.insert(tab)
	unlock(&itabTable.lock)
	return tab
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
				f := methodRecord(m)
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
