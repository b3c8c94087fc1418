/* Channels and select between workers (runtime/chan.go, select.go).

   Four goroutines, each one operation on two channels: select { <-A; B<- }, select { A<-; <-B }, A<-, <-B; with CLOSE a
   fifth closes A. CAP is the channels' capacity. Each operation is two processes: the worker that runs it up to its suspension
   (hook included), and whoever runs it after that, as soon as it is readied.

   Proved: a value is passed once, to one operation; a select is served by one case; nobody looks at a waiter whose frame has
   ended, the hook included, which still unlocks channels while the goroutine may run elsewhere; all locks are released;
   no two operations that could meet are left waiting, nor one that the buffer or a closed channel could serve. With BROKEN
   a select that goes on does not take its other channels' locks: spin finds the access to the ended frame. With ONCE
   a case that was ready is taken to be served: but what waited there may be a select that another worker, which holds the lock
   of another of its channels, serves in between. */

#ifndef CAP
#define CAP 0
#endif
#define NP 4           /* operations */
#define NC 2           /* channels */
#define NONE 255
#define OPEN 255
#define recv 0
#define send 1

/* Case i of operation p is k = 2p + i. */
byte caseChan[8];
byte caseDir[8];
byte ncases[NP];

bool locked[NC];
bool isClosed[NC];
byte count[NC];        /* values in the buffer */

typedef queue { byte n; byte k[4] }
queue waiting[4];      /* of channel c: 2c receivers, 2c + 1 senders */

byte sig[NP];          /* which case was chosen */
bool dequeued[8];
bool ok[8];
bool frame[NP];        /* the waiters' frame is there */
bool pending[NP];      /* suspended, not readied yet */
bool woken[NP];        /* readied */
bool over[NP];
byte sent = 0, received = 0;

#define op(k) (k / 2)
#define sel(p) (ncases[p] > 1)

inline lock(c)   { atomic { !locked[c] -> locked[c] = true } }
inline unlock(c) { assert(locked[c]); locked[c] = false }

inline shift(q, from) {
	j = from;
	do
	:: j + 1 < waiting[q].n -> waiting[q].k[j] = waiting[q].k[j+1]; j++
	:: else -> break
	od;
	waiting[q].n--;
	waiting[q].k[waiting[q].n] = 0
}

/* dequeue: the first waiter that can be served. */
inline dequeue(q, w) {
	w = NONE;
	do
	:: waiting[q].n == 0 -> break
	:: else ->
		d_step { w = waiting[q].k[0]; shift(q, 0) };
		assert(frame[op(w)]);
		if
		:: sel(op(w)) ->
			d_step {
				if
				:: sig[op(w)] == OPEN -> sig[op(w)] = w % 2; taken = false
				:: else -> taken = true
				fi
			};
			assert(frame[op(w)]);
			dequeued[w] = true;
			if
			:: taken -> w = NONE
			:: else -> break
			fi
		:: else -> break
		fi
	od
}

/* canServe: whether the queue's first waiter can be served; forgets those that cannot. */
inline canServe(q, yes) {
	yes = false;
	do
	:: waiting[q].n == 0 -> break
	:: else ->
		w = waiting[q].k[0];
		assert(frame[op(w)]);
		if
		:: sel(op(w)) && sig[op(w)] != OPEN -> dequeued[w] = true; d_step { shift(q, 0) }
		:: else -> yes = true; break
		fi
	od
}

/* Sends or receives now, as case k of me; other is who was served, to be readied after unlocking. */
inline serve(k, c) {
	if
	:: caseDir[k] == recv ->
		if
		:: count[c] > 0 ->
			dequeue(2*c+1, other);
			if
			:: other != NONE -> assert(frame[op(other)]); ok[other] = true; sent++
			:: else -> count[c]--
			fi;
			received++
		:: else ->
			dequeue(2*c+1, other);
			if
			:: other != NONE -> assert(frame[op(other)]); ok[other] = true; sent++; received++
			:: else -> failed = !isClosed[c]
			fi
		fi
	:: else ->
		assert(!isClosed[c]);
		dequeue(2*c, other);
		if
		:: other != NONE -> assert(frame[op(other)]); ok[other] = true; received++
		:: other == NONE && count[c] < CAP -> count[c]++
		:: else -> failed = true
		fi;
		if
		:: !failed -> sent++
		:: else -> skip
		fi
	fi
}

inline ready(k) {
	atomic {
		assert(pending[op(k)] && !woken[op(k)]);
		pending[op(k)] = false;
		woken[op(k)] = true
	}
}

inline isReady(k, yes) {
	c = caseChan[k];
	if
	:: isClosed[c] -> yes = true
	:: !isClosed[c] && caseDir[k] == recv ->
		if
		:: count[c] > 0 -> yes = true
		:: else -> canServe(2*c+1, yes)
		fi
	:: else ->
		if
		:: count[c] < CAP -> yes = true
		:: else -> canServe(2*c, yes)
		fi
	fi
}

proctype operation(byte me) {
	byte c, w, j, other = NONE, chosen = NONE;
	bool taken, can0, can1, failed;
	/* in the order of addresses: case 0 is on A where there are two */
	lock(caseChan[2*me]);
	if
	:: sel(me) -> lock(caseChan[2*me+1])
	:: else -> skip
	fi;
again:
	failed = false;
	chosen = NONE;
	isReady(2*me, can0);
	can1 = false;
	if
	:: sel(me) -> isReady(2*me+1, can1)
	:: else -> skip
	fi;
	if
	:: can0 -> chosen = 0
	:: can1 -> chosen = 1
	:: else -> skip
	fi;
	if
	:: chosen != NONE ->
		c = caseChan[2*me+chosen];
		if
		:: caseDir[2*me+chosen] == send && isClosed[c] -> skip /* panics */
		:: else ->
			serve(2*me+chosen, c);
#ifdef ONCE
			assert(!failed)
#else
			if
			:: failed -> goto again /* another worker has served the select that waited: look again */
			:: else -> skip
			fi
#endif
		fi;
		if
		:: sel(me) -> unlock(caseChan[2*me+1])
		:: else -> skip
		fi;
		unlock(caseChan[2*me]);
		if
		:: other != NONE -> ready(other)
		:: else -> skip
		fi;
		over[me] = true
	:: else ->
		d_step {
			frame[me] = true;
			pending[me] = true;
			sig[me] = OPEN;
			waiting[2*caseChan[2*me]+caseDir[2*me]].k[waiting[2*caseChan[2*me]+caseDir[2*me]].n] = 2*me;
			waiting[2*caseChan[2*me]+caseDir[2*me]].n++;
			if
			:: sel(me) ->
				waiting[2*caseChan[2*me+1]+caseDir[2*me+1]].k[waiting[2*caseChan[2*me+1]+caseDir[2*me+1]].n] = 2*me+1;
				waiting[2*caseChan[2*me+1]+caseDir[2*me+1]].n++
			:: else -> skip
			fi
		};
		/* the hook: the goroutine counts as suspended; the handle is published */
		if
		:: sel(me) ->
			c = caseChan[2*me+1];
			unlock(c);
			assert(frame[me]); /* reads which channel is next */
		:: else -> skip
		fi;
		c = caseChan[2*me];
		unlock(c)
	fi
}

/* The goroutine goes on. */
proctype resumed(byte me) {
	byte c, j, i;
	woken[me];
	if
	:: sel(me) ->
		assert(sig[me] != OPEN);
		i = 1 - sig[me];
		c = caseChan[2*me+i];
#ifndef BROKEN
		lock(c);
#endif
		if
		:: !dequeued[2*me+i] ->
			d_step {
				j = 0;
				do
				:: waiting[2*c+caseDir[2*me+i]].k[j] != 2*me+i -> j++
				:: else -> break
				od;
				assert(j < waiting[2*c+caseDir[2*me+i]].n);
				shift(2*c+caseDir[2*me+i], j)
			}
		:: else -> skip
		fi;
#ifndef BROKEN
		unlock(c)
#endif
	:: else -> skip
	fi;
	frame[me] = false;
	over[me] = true
}

#ifdef CLOSE
proctype closer() {
	byte w, j, n = 0;
	bool taken;
	byte woke[4];
	lock(0);
	isClosed[0] = true;
	do
	:: dequeue(0, w);
		if
		:: w != NONE -> assert(frame[op(w)]); woke[n] = w; n++
		:: else -> break
		fi
	od;
	do
	:: dequeue(1, w);
		if
		:: w != NONE -> assert(frame[op(w)]); woke[n] = w; n++
		:: else -> break
		fi
	od;
	unlock(0);
	do
	:: n > 0 -> n--; ready(woke[n]); woke[n] = 0
	:: else -> break
	od
}
#endif

#define waits(k) (!over[op(k)] && op(k) < NP)
#define isCase(k, c, d) (k % 2 < ncases[op(k)] && caseChan[k] == c && caseDir[k] == d && !over[op(k)])

init {
	byte c, k, l;
	atomic {
		caseChan[0] = 0; caseDir[0] = recv; caseChan[1] = 1; caseDir[1] = send; ncases[0] = 2;
		caseChan[2] = 0; caseDir[2] = send; caseChan[3] = 1; caseDir[3] = recv; ncases[1] = 2;
		caseChan[4] = 0; caseDir[4] = send; ncases[2] = 1;
		caseChan[6] = 1; caseDir[6] = recv; ncases[3] = 1;
		k = 0;
		do
		:: k < NP -> run operation(k); run resumed(k); k++
		:: else -> break
		od;
#ifdef CLOSE
		run closer()
#endif
	};
	timeout ->
		assert(!locked[0] && !locked[1]);
		assert(sent == received + count[0] + count[1]);
		d_step {
			c = 0;
			do
			:: c < NC ->
				k = 0;
				do
				:: k < 8 ->
					if
					:: isCase(k, c, recv) -> assert(count[c] == 0 && !isClosed[c])
					:: isCase(k, c, send) -> assert(count[c] == CAP && !isClosed[c])
					:: else -> skip
					fi;
					l = 0;
					do
					:: l < 8 ->
						assert(!(isCase(k, c, recv) && isCase(l, c, send) && op(k) != op(l)));
						l++
					:: else -> break
					od;
					k++
				:: else -> break
				od;
				c++
			:: else -> break
			od;
			skip
		}
}
