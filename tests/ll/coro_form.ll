; The LLVM form of a coroutine as coro-to-llvm emits it, by hand: f(n, arg) awaits f(n-1, arg) down to n == 0, which
; suspends through a hook with packed arguments (the hook declines where arg is even). tests/test_coro_form.py runs it.
target triple = "x86_64-pc-linux-gnu"
declare token @llvm.coro.id(i32, ptr, ptr, ptr)
declare i1    @llvm.coro.alloc(token)
declare i64   @llvm.coro.size.i64()
declare ptr   @llvm.coro.begin(token, ptr)
declare token @llvm.coro.save(ptr)
declare i8    @llvm.coro.suspend(token, i1)
declare void  @llvm.coro.end(ptr, i1, token)
declare ptr   @llvm.coro.free(token, ptr)
declare void  @llvm.coro.resume(ptr)
declare void  @llvm.coro.destroy(ptr)
declare ptr   @llvm.coro.noop()
declare i1    @llvm.coro.is_in_ramp()
declare i1    @llvm.coro.await.suspend.bool(ptr, ptr, ptr)
declare void  @llvm.coro.await.suspend.handle(ptr, ptr, ptr)
declare void  @llvm.trap()
declare ptr   @llvm.frameaddress.p0(i32)
declare noalias ptr @malloc(i64)
declare void  @free(ptr)

@live = global i64 0
@ready = global ptr null
@minsp = global i64 -1
@maxsp = global i64 0
@seen = global i64 0

define swiftcc ptr @runtime.framealloc(i64 %n, ptr nest %ctx) noinline {
  %v = load i64, ptr @live
  %v1 = add i64 %v, 1
  store i64 %v1, ptr @live
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
define swiftcc void @runtime.framefree(ptr %p, ptr nest %ctx) noinline {
  %v = load i64, ptr @live
  %v1 = sub i64 %v, 1
  store i64 %v1, ptr @live
  call void @free(ptr %p)
  ret void
}
define swiftcc i1 @runtime.awaitHook(ptr %callee, ptr %h, ptr nest %ctx) noinline {
  %p = getelementptr i8, ptr %callee, i64 16
  %old = atomicrmw xchg ptr %p, ptr %h seq_cst
  %i = ptrtoint ptr %old to i64
  %c = icmp ne i64 %i, 1
  ret i1 %c
}
define swiftcc ptr @runtime.finalhook(ptr %promise, ptr %h, ptr nest %ctx) noinline {
  %fa = call ptr @llvm.frameaddress.p0(i32 0)
  %sp = ptrtoint ptr %fa to i64
  %mn = load i64, ptr @minsp
  %mn1 = call i64 @llvm.umin.i64(i64 %mn, i64 %sp)
  store i64 %mn1, ptr @minsp
  %mx = load i64, ptr @maxsp
  %mx1 = call i64 @llvm.umax.i64(i64 %mx, i64 %sp)
  store i64 %mx1, ptr @maxsp
  %old = atomicrmw xchg ptr %promise, ptr inttoptr (i64 1 to ptr) seq_cst
  %i = ptrtoint ptr %old to i64
  %c = icmp ugt i64 %i, 2
  br i1 %c, label %w, label %n
w:
  ret ptr %old
n:
  %np = call ptr @llvm.coro.noop()
  ret ptr %np
}
declare i64 @llvm.umin.i64(i64, i64)
declare i64 @llvm.umax.i64(i64, i64)

; hook(a i64, b ptr, h) bool: publishes h if a is odd, else declines
define swiftcc i1 @test.hook(i64 %a, ptr %b, ptr %h, ptr nest %ctx) noinline {
  %v = load i64, ptr %b
  %v1 = add i64 %v, %a
  store i64 %v1, ptr %b
  %o = and i64 %a, 1
  %c = icmp ne i64 %o, 0
  br i1 %c, label %y, label %n
y:
  store ptr %h, ptr @ready
  ret i1 true
n:
  ret i1 false
}
define internal i1 @goir.hook.1(ptr %aw, ptr %h) alwaysinline {
  %a = load i64, ptr %aw
  %bp = getelementptr inbounds { i64, ptr }, ptr %aw, i32 0, i32 1
  %b = load ptr, ptr %bp
  %r = call swiftcc i1 @test.hook(i64 %a, ptr %b, ptr %h, ptr nest poison)
  ret i1 %r
}
define internal i1 @goir.hook.await(ptr %aw, ptr %h) alwaysinline {
  %r = call swiftcc i1 @runtime.awaitHook(ptr %aw, ptr %h, ptr nest poison)
  ret i1 %r
}
define internal ptr @goir.hook.final(ptr %aw, ptr %h) alwaysinline {
  %r = call swiftcc ptr @runtime.finalhook(ptr %aw, ptr %h, ptr nest poison)
  ret ptr %r
}

; func f(n, hookarg) (r int): n == 0: suspend by test.hook(hookarg, &seen), return ctx's capture; else f(n-1)+1
define ptr @"f$coro"(i64 %n, i64 %arg, ptr %slot, ptr nest %ctx) presplitcoroutine {
entry:
  %promise = alloca { ptr }, align 8
  %aw1 = alloca { i64, ptr }
  %cslot = alloca { i8, i64 }, align 8
  %big = alloca i64, align ALIGN
  %id = call token @llvm.coro.id(i32 0, ptr %promise, ptr null, ptr null)
  %need = call i1 @llvm.coro.alloc(token %id)
  br i1 %need, label %dyn, label %begin
dyn:
  %size = call i64 @llvm.coro.size.i64()
  %mem = call swiftcc ptr @runtime.framealloc(i64 %size, ptr nest poison)
  br label %begin
begin:
  %phi = phi ptr [ null, %entry ], [ %mem, %dyn ]
  %hdl = call ptr @llvm.coro.begin(token %id, ptr %phi)
  store ptr null, ptr %promise
  store i64 %n, ptr %big
  %capp = getelementptr i8, ptr %ctx, i64 16
  %z = icmp eq i64 %n, 0
  br i1 %z, label %leaf, label %rec
leaf:
  store i64 %arg, ptr %aw1
  %aw1b = getelementptr inbounds { i64, ptr }, ptr %aw1, i32 0, i32 1
  store ptr @seen, ptr %aw1b
  %sv = call token @llvm.coro.save(ptr %hdl)
  %b = call i1 @llvm.coro.await.suspend.bool(ptr %aw1, ptr %hdl, ptr @goir.hook.1)
  br i1 %b, label %s1, label %r1
s1:
  %s = call i8 @llvm.coro.suspend(token %sv, i1 false)
  switch i8 %s, label %suspend [ i8 0, label %r1
                                 i8 1, label %trap1 ]
trap1:
  call void @llvm.trap()
  unreachable
r1:
  %cap = load i64, ptr %capp
  br label %ret
rec:
  %n1 = sub i64 %n, 1
  %ch = call ptr @"f$coro"(i64 %n1, i64 %arg, ptr %cslot, ptr nest %ctx)
  %pend = icmp ne ptr %ch, null
  br i1 %pend, label %wait, label %got
wait:
  %sv2 = call token @llvm.coro.save(ptr %hdl)
  %b2 = call i1 @llvm.coro.await.suspend.bool(ptr %ch, ptr %hdl, ptr @goir.hook.await)
  br i1 %b2, label %s2b, label %fin2
s2b:
  %s2 = call i8 @llvm.coro.suspend(token %sv2, i1 false)
  switch i8 %s2, label %suspend [ i8 0, label %fin2
                                 i8 1, label %trap2 ]
trap2:
  call void @llvm.trap()
  unreachable
fin2:
  call void @llvm.coro.destroy(ptr %ch)
  br label %got
got:
  %vp = getelementptr inbounds { i8, i64 }, ptr %cslot, i32 0, i32 1
  %v = load i64, ptr %vp
  %pk = load i8, ptr %cslot
  %v1 = add i64 %v, 1
  br label %ret
ret:
  %res = phi i64 [ %cap, %r1 ], [ %v1, %got ]
  %bigv = load i64, ptr %big
  %bad = icmp ne i64 %bigv, %n
  br i1 %bad, label %trap4, label %ret2
trap4:
  call void @llvm.trap()
  unreachable
ret2:
  %rp = getelementptr inbounds { i8, i64 }, ptr %slot, i32 0, i32 1
  store i64 %res, ptr %rp
  store i8 0, ptr %slot
  br label %complete
complete:
  %inramp = call i1 @llvm.coro.is_in_ramp()
  br i1 %inramp, label %cleanup, label %final
final:
  %svf = call token @llvm.coro.save(ptr %hdl)
  call void @llvm.coro.await.suspend.handle(ptr %promise, ptr %hdl, ptr @goir.hook.final)
  %sf = call i8 @llvm.coro.suspend(token %svf, i1 true)
  switch i8 %sf, label %suspend [ i8 0, label %trapf
                                 i8 1, label %cleanup ]
trapf:
  call void @llvm.trap()
  unreachable
cleanup:
  %fm = call ptr @llvm.coro.free(token %id, ptr %hdl)
  %nz = icmp ne ptr %fm, null
  br i1 %nz, label %dofree, label %suspend
dofree:
  call swiftcc void @runtime.framefree(ptr %fm, ptr nest poison)
  br label %suspend
suspend:
  %answer = phi ptr [ null, %cleanup ], [ null, %dofree ], [ %hdl, %s1 ], [ %hdl, %s2b ], [ %hdl, %final ]
  call void @llvm.coro.end(ptr %hdl, i1 false, token none)
  ret ptr %answer
}

; starts f(n, arg), drives it, answers result; @live says what is left over
define i64 @drive(i64 %n, i64 %arg, ptr %ctx) {
entry:
  %slot = alloca { i8, i64 }
  %h = call ptr @"f$coro"(i64 %n, i64 %arg, ptr %slot, ptr nest %ctx)
  %z = icmp eq ptr %h, null
  br i1 %z, label %done, label %loop
loop:
  %r = load ptr, ptr @ready
  call void @llvm.coro.resume(ptr %r)
  %p = getelementptr i8, ptr %h, i64 16
  %s = load i64, ptr %p
  %d = icmp eq i64 %s, 1
  br i1 %d, label %fin, label %loop
fin:
  call void @llvm.coro.destroy(ptr %h)
  br label %done
done:
  %vp = getelementptr inbounds { i8, i64 }, ptr %slot, i32 0, i32 1
  %v = load i64, ptr %vp
  ret i64 %v
}
