/* Workers that rest, are woken, park in plain functions and are handed a baton again (runtime/worker.go, idle.go, runq.go).

   N workers, PROCS batons. The first one runs `main`, which readies goroutines; some of these park their thread (a plain
   function that waits) until another goroutine, readied by them, unparks it.

   Proved: whatever the interleaving, all goroutines are run and all parked threads go on; no worker holds two batons, nor
   two workers one; a worker is given a baton only while it is idle or parked. With BROKEN a worker that rests does
   not look again after it has stopped looking for work: spin finds goroutines left in a queue while all sleep. With LEAK it
   says so only after others can wake it: spin finds that sched.spinning stays above 0 for ever, and then nobody is woken.

   Not modelled: timers and files (the sleeper), GOMAXPROCS changes, the monitor. Memory is sequentially consistent: the
   places where x86-64 could let a load pass a store are in docs/models/README.md. */

#ifndef N
#define N 3
#endif
#ifndef PROCS
#define PROCS 2
#endif
#ifndef PARKS
#define PARKS 2        /* goroutines that park; N is at least PROCS + PARKS */
#endif

#define NONE 255
#define wakeBaton 1

byte next[N];          /* goroutines in a worker's ring and runnext: how many of plain kind */
byte parkers[N];       /* ... and how many that will park */
byte unparkers[N];     /* ... and how many that resume a parked thread */
byte gPlain = 0, gPark = 0, gUnpark = 0; /* the global queue */
byte nfree = PROCS;
byte spinning = 0;
byte nactive = 0;
bool resting[N];
bool baton[N];
bool given[N];
byte wakeWord[N];
bool parked[N];        /* its record is published */
byte ran = 0, wanted = 1, resumed = 0;
bool locked = false;   /* sched.lock */

inline lock()   { atomic { !locked -> locked = true } }
inline unlock() { locked = false }

/* giveBaton: the caller has counted w as active. */
inline giveBaton(w, b) {
	assert(wakeWord[w] != wakeBaton); /* nobody gives it two */
	given[w] = b;
	wakeWord[w] = wakeBaton
}

inline popIdle(w) {
	d_step {
		w = NONE;
		i = 0;
		do
		:: i < N -> if :: resting[i] && w == NONE -> w = i; resting[i] = false :: else -> skip fi; i++
		:: else -> break
		od;
		skip
	}
}

/* wake: another worker looks for work, unless one does or all batons are taken. A new worker is an idle one here. */
inline wake() {
	if
	:: nfree != 0 && spinning == 0 ->
		d_step { if :: spinning == 0 -> spinning = 1; won = true :: else -> won = false fi };
		if
		:: won ->
			lock();
			if
			:: nfree == 0 -> unlock(); spinning--
			:: else ->
				popIdle(other);
				if
				:: other == NONE -> unlock(); spinning-- /* a new thread, were there more */
				:: else ->
					nfree--;
					nactive++;
					unlock();
					spin[other] = true;
					giveBaton(other, true)
				fi
			fi
		:: else -> skip
		fi
	:: else -> skip
	fi
}

bool spin[N];

inline waitBaton() {
	atomic { wakeWord[me] == wakeBaton -> wakeWord[me] = 0 }; /* the futex: value and sleep are one step */
	assert(!baton[me]);
	baton[me] = given[me];
	given[me] = false
}

inline spill() {
	atomic {
		gPlain = gPlain + next[me]; next[me] = 0;
		gPark = gPark + parkers[me]; parkers[me] = 0;
		gUnpark = gUnpark + unparkers[me]; unparkers[me] = 0
	}
}

inline passOn() {
	spill();
	lock();
	had = baton[me];
	baton[me] = false;
	nactive--;
	if
	:: !had && nactive == 0 && nfree > 0 -> nfree--; had = true
	:: else -> skip
	fi;
	if
	:: !had -> unlock()
	:: else ->
		popIdle(other);
		assert(other != NONE); /* N is large enough: else a new thread would be made */
		nactive++;
		unlock();
		giveBaton(other, true)
	fi
}

inline handOff(w) {
	lock();
	nactive++;
	b = false;
	if
	:: nfree > 0 -> nfree--; b = true
	:: else -> skip
	fi;
	unlock();
	if
	:: !b -> b = baton[me]; baton[me] = false
	:: else -> skip
	fi;
	giveBaton(w, b)
}

#define anyWork (gPlain + gPark + gUnpark + next[0] + next[1] + next[N-1] + parkers[0] + parkers[1] + parkers[N-1] + unparkers[0] + unparkers[1] + unparkers[N-1] > 0)

inline stopSpinning() {
	if
	:: spin[me] -> spin[me] = false; spinning--
	:: else -> skip
	fi
}

inline rest() {
	lock();
	if
	:: gPlain + gPark + gUnpark != 0 -> unlock()
	:: else ->
		if
		:: baton[me] -> baton[me] = false; nfree++
		:: else -> skip
		fi;
		nactive--;
		resting[me] = true;
#ifdef LEAK
		unlock();
		stopSpinning();
#else
		stopSpinning(); /* before anybody can take it out of the idle workers and mark it as one that looks */
		unlock();
#endif
#ifndef BROKEN
		if
		:: anyWork ->
			lock();
			if
			:: !resting[me] -> unlock(); waitBaton() /* it is being given one */
			:: resting[me] && nfree > 0 ->
				nfree--;
				resting[me] = false;
				nactive++;
				baton[me] = true;
				unlock()
			:: else -> unlock(); waitBaton()
			fi
		:: else -> waitBaton()
		fi
#else
		waitBaton()
#endif
	fi
}

/* A worker that has no baton any more gives up scheduling until it gets one. */
inline regain() {
	spill();
	stopSpinning();
	lock();
	if
	:: nfree > 0 -> nfree--; baton[me] = true; unlock()
	:: else ->
		nactive--;
		resting[me] = true;
		unlock();
		waitBaton()
	fi
}

proctype worker(byte me) {
	byte i, other, took, made;
	bool won, had, b;
	if
	:: me == 0 ->
		/* main: readies those that park and as many plain ones */
		do
		:: made < PARKS ->
			made++;
			parkers[me]++;
			wanted++;
			wake()
		:: else -> break
		od;
		ran++
	:: else -> waitBaton()
	fi;
	do
	:: !baton[me] -> regain()
	:: else ->
		/* findrunnable: own queue, global queue, others' rings */
		took = 0;
		if
		:: d_step { next[me] > 0 -> next[me]--; took = 1 }
		:: d_step { parkers[me] > 0 -> parkers[me]--; took = 2 }
		:: d_step { unparkers[me] > 0 -> unparkers[me]--; took = 3 }
		:: d_step { gPlain > 0 -> gPlain--; took = 1 }
		:: d_step { gPark > 0 -> gPark--; took = 2 }
		:: d_step { gUnpark > 0 -> gUnpark--; took = 3 }
		:: else ->
			if
			:: !spin[me] && 2 * spinning < PROCS - nfree -> spin[me] = true; spinning++
			:: else -> skip
			fi;
			d_step {
				i = 0;
				do
				:: i < N && took == 0 ->
					if
					:: i != me && next[i] > 0 -> next[i]--; took = 1
					:: i != me && parkers[i] > 0 -> parkers[i]--; took = 2
					:: i != me && unparkers[i] > 0 -> unparkers[i]--; took = 3
					:: else -> skip
					fi;
					i++
				:: else -> break
				od;
				skip
			}
		fi;
		if
		:: took == 0 -> rest()
		:: else ->
			if
			:: spin[me] -> /* found: the next one looks now */
				stopSpinning();
				wake()
			:: else -> skip
			fi;
			if
			:: took == 1 -> ran++
			:: took == 2 ->
				/* A plain function waits: its record is published, whoever gets it may resume it at once. */
				parked[me] = true;
				unparkers[me]++;
				wanted++;
				wake();
				passOn();
				waitBaton();
				resumed++;
				ran++
			:: took == 3 ->
				/* Resumes one of the parked threads; its own continuation is a plain goroutine. */
				d_step {
					other = 0;
					do
					:: other < N && !parked[other] -> other++
					:: else -> break
					od;
					assert(other < N);
					parked[other] = false
				};
				ran++;
				handOff(other)
			fi
		fi
	od
}

init {
	byte k;
	atomic {
		baton[0] = true;
		nfree--;
		nactive++;
		k = 0;
		do
		:: k < N -> if :: k > 0 -> resting[k] = true :: else -> skip fi; run worker(k); k++
		:: else -> break
		od
	};
	timeout ->
		assert(ran == wanted && wanted == 1 + 2 * PARKS);
		assert(resumed == PARKS);
		assert(nactive == 0 && nfree == PROCS && spinning == 0)
}
