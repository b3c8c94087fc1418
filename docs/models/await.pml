/* The await handshake (runtime/proc.go: awaitHook, finalhook, start; docs/coro.md).

   A coroutine has suspended; another worker resumes it and it completes, while whoever started it either awaits it
   (AWAIT: a coroutine, or a parked thread, both are handles) or detaches it (a goroutine's root). One word of the promise
   decides, by exchange.

   Proved: whoever awaits goes on once, with the results, not before it counts as suspended; the frame is destroyed
   once, and nobody touches it after that. With BROKEN the waiter asks whether the coroutine is done and then leaves its
   handle, as a `coro.done` test would: spin finds the lost wake-up. */

#define RUNNING  0
#define DONE     1
#define DETACHED 2
#define WAITER   3

byte state = RUNNING;
bool frame = true;     /* the coroutine's frame is there */
bool results = false;  /* in the awaiter's slot */
bool suspended = false;
bool detaches;
byte wentOn = 0;
byte ended = 0;        /* goroutine taken leave of (detached) */

inline destroy() {
	assert(frame);
	frame = false
}

/* The awaiter after the suspension, on whichever worker. */
inline goOn() {
	assert(results);
	wentOn++;
	destroy()
}

proctype callee() {
	byte old;
	assert(frame);
	results = true;
	assert(frame);        /* the last time before the hook: results and line are stored */
	d_step { old = state; state = DONE };
	if
	:: old == WAITER ->
		assert(suspended); /* symmetric transfer */
		goOn()
	:: old == DETACHED ->
		destroy();
		ended++
	:: old == RUNNING ->
		skip              /* whoever comes finds it done: the frame is not ours any more */
	:: else -> assert(false)
	fi
}

proctype starter() {
	byte old;
	if
	:: detaches ->
		d_step { old = state; state = DETACHED };
		if
		:: old == DONE -> destroy(); ended++
		:: else -> assert(old == RUNNING)
		fi
	:: else ->
		suspended = true; /* it counts as suspended: now the hook runs */
#ifdef BROKEN
		old = state;
		if
		:: old != DONE -> state = WAITER
		:: else -> skip
		fi;
#else
		d_step { old = state; state = WAITER };
#endif
		if
		:: old == DONE -> suspended = false; goOn() /* the hook declines */
		:: else -> assert(old == RUNNING)
		fi
	fi
}

init {
	if
	:: detaches = true
	:: detaches = false
	fi;
	atomic { run callee(); run starter() };
	timeout ->
		assert(!frame);
		assert(detaches && ended == 1 && wentOn == 0 || !detaches && wentOn == 1 && ended == 0)
}
