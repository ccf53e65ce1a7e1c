for i in range(5):
    if i == 1:
        continue
    if i == 4:
        break
    print(i, end=" ")
else:
    print("never")
print()
for i in range(2):
    pass
else:
    print("else ran")
n = 3
while n:
    n -= 1
    if n == 1: continue
    print(n)
else:
    print("while else")
while True:
    break
else:
    print("never")
if n: print("yes")
elif n == 0: print("zero")
else: print("no")
if 1:
  if 0:
    print("a")
  else:
    print("b")
def add(a, b=2, *args, c=3, **kw):
    """Adds."""
    return (a, b, args, c, kw)
print(add(1), add(1, 5), add(1, 2, 3, 4), add(1, c=9), add(b=1, a=0, z=5), add(*[1, 2, 3], **{"c": 4, "d": 5}), add(1, *[2], **{}))
def only(*, key): return key
print(only(key=1))
def pos(a, /, b): return a, b
print(pos(1, 2), pos(1, b=2))
def nothing(): pass
print(nothing())
def early(x):
    for i in range(10):
        if i == x:
            return i * 10
    return -1
print(early(3), early(99))
def counter():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
c = counter(); print(c(), c(), c()); d = counter(); print(d())
total = 0
def bump():
    global total
    total += 5
bump(); bump(); print(total)
def shadow():
    total = 1
    return total
print(shadow(), total)
fs = [lambda: i for i in range(3)]; print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]; print([f() for f in fs])
def fact(k): return 1 if k <= 1 else k * fact(k - 1)
print(fact(10), fact(20))
def fib(k):
    a, b = 0, 1
    for _ in range(k): a, b = b, a + b
    return a
print([fib(k) for k in range(12)], fib(90))
def default(x, acc=[]):
    acc.append(x)
    return acc
print(default(1), default(2), default(3, []))
square = lambda v: v ** 2
print(square(4), (lambda *a, **k: (a, k))(1, 2, z=3), (lambda: None)())
def outer(x):
    def inner(y): return x + y
    x = x * 10
    return inner
print(outer(1)(5))
def gen_list():
    return [x for x in range(3)], {x: x for x in range(2)}
x = "kept"; print(gen_list(), x); [x for x in range(3)]; print(x)
def even(k): return True if k == 0 else odd(k - 1)
def odd(k): return False if k == 0 else even(k - 1)
print(even(10), odd(7))
a = b = 1; a, b, = b, a + 1; print(a, b)
assert True; assert 1 == 1, "fine"
x = 5; del x
try_name = 3; print(try_name)
print(1); print(2); print(3, end=""); print()
print("a", "b", sep="-"); print("a", "b", sep="", end="!\n"); print(); print(None, True, 1.0, [1]); print(*[1, 2, 3], sep=",")
if (1 and
    2):
    print("continued")
value = 1 + \
    2
print(value)
def many(
    a,
    b = 2,
):
    return a + b
print(many(
    1,
    b=5,
))
def deep(k):
    if k == 0: return 0
    return 1 + deep(k - 1)
print(deep(300))
for a, (b, c) in [(1, (2, 3)), (4, (5, 6))]: print(a, b, c)
for i, (k, v) in enumerate({"a": 1}.items()): print(i, k, v)
d = {}
for d["k"] in range(3): pass
print(d)
print([y for x in range(3) if x for y in range(x)], (lambda x: [x + i for i in range(2)])(10))
def annotated(x: int, y: str = "a") -> str: return y * x
print(annotated(3), annotated(2, "b"))
def nested_scopes():
    x = 1
    def f():
        def g(): return x
        return g()
    x = 2
    return f()
print(nested_scopes())
print(callable(len), callable(3), callable(lambda: 1), nested_scopes.__name__)
def conditional_local(flag):
    if flag: v = 1
    else: v = 2
    return v
print(conditional_local(0))
result = []
for i in range(3):
    for j in range(3):
        if j == 2: break
        if i == 1: continue
        result.append((i, j))
print(result)
i = 10
while i > 0:
    i -= 3
    if i < 3: break
print(i)
print(0 if [] else 1, "x" * (2 if True else 3), not True or True and False, 1 < 2 and 2 < 3, 3 if 0 else 4 if 0 else 5)
print((1, 2) + (3,) if True else (), [1, 2][0 if False else 1], 5 if not 0 else 6, -1 ** 2, (-1) ** 2, 2 + 3 * 4 ** 2 / 8 - 1)
print(1 | 2 ^ 3 & 4, 1 << 2 + 1, 10 - 2 - 3, 2 * 3 % 4, 7 // 2 * 2, ~1 + 1, not 1 == 2, 1 in [1] == True, 3 > 2 == True)
def kw(a, *, b=2, **rest): return a, b, sorted(rest.items())
print(kw(1), kw(1, b=3, c=4), kw(**{"a": 1, "z": 2}), (lambda x, *y, z=3, **w: (x, y, z, w))(1, 2, q=5))
def compose(*fs):
    def run(x):
        for f in fs: x = f(x)
        return x
    return run
print(compose(lambda v: v + 1, lambda v: v * 2, str)(3), list(map(compose(abs, str), [-1, 2])))
def memo():
    cache = {}
    def fib(n):
        if n not in cache: cache[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
        return cache[n]
    return fib
print(memo()(60))
def two_level():
    a = 1
    def mid():
        b = 2
        def low():
            nonlocal a, b
            a += 10; b += 20
            return a, b
        return low(), b
    return mid(), a
print(two_level())
def globals_in_comprehension():
    global shared
    shared = 3
    return [shared + i for i in range(2)]
print(globals_in_comprehension(), shared)
matrix = [[i * 3 + j for j in range(3)] for i in range(3)]
for row in matrix:
    for v in row:
        if v % 2: continue
        print(v, end=" ")
    else: print("|", end=" ")
print()
primes = []
for n in range(2, 50):
    for p in primes:
        if n % p == 0: break
    else: primes.append(n)
print(primes)
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
print([collatz(n) for n in range(1, 15)])
def default_order(a, b=[], c={}): b.append(a); c[a] = len(b); return b, c
print(default_order(1), default_order(2))
x = 10
def reads_later(): return x
x = 20; print(reads_later())
print([f(2) for f in [lambda v: v + 1, lambda v: v * v, abs]], (lambda f, n: f(f, n))(lambda f, n: 1 if n == 0 else n * f(f, n - 1), 5))
a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d); (a), b = b, a; print(a, b); [a, [b]] = 1, [2]; print(a, b)
i = 0; l = [0, 0]; i, l[i] = 1, 5; print(i, l); l[0], l[1] = l[1], l[0]; print(l)
print(1 if 0 else 2 if 0 else 3, [1, 2, 3][-1 if True else 0], "ok")
"""a docstring is an expression
print("\x41" if not None else 0, end="\n")
"""
print(f"{'a' if x > 5 else 'b'}{x if x else ''}{[i for i in range(2)]!r:>8}")
