"""Makes random programs in the language's subset of Python, and what CPython prints for each.

    generated_programs.py SEED COUNT

Prints a JSON list of {source, output, fails}: what was printed until the program ended or failed.
"""

import contextlib
import io
import json
import random
import sys
import warnings

WORDS = ["", "a", "ab", "pare", "Layer 3", "x,y,z", " spaced ", "éß", "😀", "12", "-7", "A-b_C", "tab\t"]


class Generator:
    """Programs by types: every expression is of a kind that its place can take, most of the time."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.variables = {"int": [], "float": [], "str": [], "list": [], "dict": []}
        self.functions = []
        self.names = 0

    def pick(self, *choices):
        return self.random.choice(choices)

    def expression(self, kind, depth=3):
        known = self.variables[kind]
        if known and self.random.random() < 0.3:
            return self.random.choice(known)
        if depth <= 0:
            return self.literal(kind)
        return getattr(self, kind)(depth - 1)

    def literal(self, kind):
        r = self.random
        if kind == "int":
            return str(r.choice([0, 1, 2, 3, 7, 10, -1, -4, 100, 12345]))
        if kind == "float":
            return repr(r.choice([0.0, 0.5, -1.5, 3.14159, 1e-7, 2.5e10, 100.0, 1 / 3]))
        if kind == "str":
            return repr(r.choice(WORDS))
        if kind == "list":
            return "[" + ", ".join(self.literal("int") for _ in range(r.randint(0, 5))) + "]"
        keys = r.sample(["a", "b", "key", "x y", "1"], r.randint(0, 4))
        return "{" + ", ".join(f"{k!r}: {self.literal('int')}" for k in keys) + "}"

    def int(self, d):
        e = self.expression
        return self.pick(
            lambda: f"({e('int', d)} {self.pick('+', '-', '*', '//', '%')} {e('int', d)})",
            lambda: f"(-{e('int', d)})",
            lambda: f"({e('int', 0)} ** {self.pick(0, 1, 2, 3)})",
            lambda: f"len({e(self.pick('str', 'list', 'dict'), d)})",
            lambda: f"sum({e('list', d)})",
            lambda: f"abs({e('int', d)})",
            lambda: f"int({e('float', 0)})",
            lambda: f"{self.pick('min', 'max')}({e('int', d)}, {e('int', d)})",
            lambda: f"{e('list', d)}[{e('int', 0)}]",
            lambda: f"{e('dict', d)}.get({e('str', 0)}, {e('int', 0)})",
            lambda: f"({e('int', d)} if {self.truth(d)} else {e('int', d)})",
            lambda: f"{e('str', d)}.{self.pick('count', 'find', 'rfind')}({e('str', 0)})",
            lambda: f"round({e('float', d)})",
            lambda: self.call(d) or e("int", d),
        )()

    def float(self, d):
        e = self.expression
        return self.pick(
            lambda: f"({e('float', d)} {self.pick('+', '-', '*', '/')} {e('float', d)})",
            lambda: f"({e('int', d)} / {e('int', d)})",
            lambda: f"float({e('int', d)})",
            lambda: f"round({e('float', d)}, {self.pick(0, 1, 2, 4)})",
            lambda: f"abs({e('float', d)})",
            lambda: f"({e('float', d)} // {e('float', 0)})",
            lambda: f"({e('float', d)} % {e('float', 0)})",
        )()

    def str(self, d):
        e = self.expression
        return self.pick(
            lambda: f"({e('str', d)} + {e('str', d)})",
            lambda: f"({e('str', 0)} * {self.pick(0, 1, 2, 3, -1)})",
            lambda: f"{e('str', d)}{self.slice()}",
            lambda: f"str({e(self.pick('int', 'float', 'list', 'dict', 'str'), d)})",
            lambda: f"repr({e(self.pick('int', 'float', 'list', 'dict', 'str'), d)})",
            lambda: f"{e('str', d)}.{self.pick('upper', 'lower', 'strip', 'title', 'swapcase', 'capitalize', 'lstrip')}()",
            lambda: f"{e('str', d)}.replace({e('str', 0)}, {e('str', 0)})",
            lambda: f"{e('str', 0)}.join([str(q) for q in {e('list', d)}])",
            lambda: f"{e('str', d)}.{self.pick('center', 'ljust', 'rjust', 'zfill')}({self.pick(0, 3, 8, 12)})",
            lambda: self.formatted(d),
            lambda: f"''.join({self.pick('sorted', 'reversed')}({e('str', d)}))",
            lambda: f"('%s|%5d|%.3f' % ({e('str', 0)}, {e('int', 0)}, {e('float', 0)}))",
            lambda: f"'{{}}-{{:>4}}'.format({e('int', 0)}, {e('int', 0)})",
        )()

    def formatted(self, d):
        spec = {"int": ["", ":d", ":>6", ":<6", ":^7", ":+", ":05d", ":,", ":x", ":b", ":e"],
                "float": ["", ":.2f", ":.0f", ":10.3f", ":e", ":.3g", ":+.1f", ":,.2f", ":%"],
                "str": ["", ":>8", ":*^9", ":.2", "!r", ":<5"], "list": ["", "!r"], "dict": [""]}
        kind = self.pick("int", "float", "str", "list", "dict")
        inside = self.expression(kind, min(d, 1))
        if any(sign in inside for sign in "'\"{}\\:!"):
            inside = self.literal("int") if kind not in ("int", "float") else inside
            kind = "int" if kind not in ("int", "float") else kind
            if any(sign in inside for sign in "'\"{}\\:!"):
                return self.literal("str")
        return 'f"<{' + inside + self.random.choice(spec[kind]) + '}>"'

    def slice(self):
        part = lambda: self.pick("", "", "0", "1", "2", "-1", "-3", "10")
        step = self.pick("", "", ":2", ":-1", ":1", ":-2")
        return f"[{part()}:{part()}{step}]"

    def list(self, d):
        e = self.expression
        return self.pick(
            lambda: f"({e('list', d)} + {e('list', d)})",
            lambda: f"{e('list', d)}{self.slice()}",
            lambda: f"[{self.of('q')} for q in {e('list', d)}]",
            lambda: f"[q * p for q in {e('list', d)} for p in range({self.pick(1, 2, 3)}) if q != p]",
            lambda: f"[q for q in {e('list', d)} if {self.about('q')}]",
            lambda: f"sorted({e('list', d)}{self.pick('', ', reverse=True', ', key=lambda q: -q')})",
            lambda: f"list(range({self.pick(0, 1, 3)}, {self.pick(2, 5, 9)}, {self.pick(1, 2, 3)}))",
            lambda: f"list({e('dict', d)}.values())",
            lambda: f"[len(w) for w in {e('str', d)}.split({self.pick('', repr(','), repr('a'))})]",
            lambda: f"[i + v for i, v in enumerate({e('list', d)})]",
            lambda: f"[a - b for a, b in zip({e('list', d)}, {e('list', d)})]",
            lambda: f"({e('list', 0)} * {self.pick(0, 1, 2)})",
        )()

    def dict(self, d):
        e = self.expression
        return self.pick(
            lambda: self.literal("dict"),
            lambda: f"{{str(q): q * q for q in {e('list', d)}}}",
            lambda: f"{{k: v + 1 for k, v in {e('dict', d)}.items() if v {self.pick('<', '>', '!=')} 2}}",
            lambda: f"dict(zip({e('str', d)}, {e('list', d)}))",
        )()

    def truth(self, d):
        e = self.expression
        return self.pick(
            lambda: f"{e('int', d)} {self.pick('<', '<=', '==', '!=', '>', '>=')} {e('int', d)}",
            lambda: f"{e('int', 0)} < {e('int', 0)} <= {e('int', 0)}",
            lambda: f"{e('int', 0)} {self.pick('in', 'not in')} {e('list', d)}",
            lambda: f"{e('str', 0)} {self.pick('in', '<', '==')} {e('str', d)}",
            lambda: f"not {e(self.pick('list', 'dict', 'str', 'int'), d)}",
            lambda: f"({self.truth(0)} {self.pick('and', 'or')} {self.truth(0)})",
            lambda: f"{e('list', d)} == {e('list', d)}",
        )()

    def of(self, name):
        return self.pick(f"{name} + 1", f"{name} * 2", f"-{name}", f"{name} % 3", f"{name} ** 2")

    def about(self, name):
        return self.pick(f"{name} > 0", f"{name} % 2 == 0", f"{name} != 1", f"not {name}", "True")

    def call(self, d):
        if not self.functions:
            return None
        name, count = self.random.choice(self.functions)
        return f"{name}({', '.join(self.expression('int', d) for _ in range(count))})"

    def name(self):
        self.names += 1
        return f"v{self.names}"

    def statements(self, count, indent="", depth=2):
        return [line for _ in range(count) for line in self.statement(indent, depth)]

    def block(self, indent, depth):
        known = {kind: list(names) for kind, names in self.variables.items()}
        lines = self.statements(self.random.randint(1, 3), indent + "    ", depth - 1)
        self.variables = known
        return lines

    def statement(self, indent, depth):
        e = self.expression
        kinds = ["assign", "assign", "print", "print", "print", "augment", "item", "unpack"]
        kinds += ["if", "for", "while", "def"] if depth > 0 else []
        kind = self.random.choice(kinds)
        of = self.random.choice(list(self.variables))
        if kind == "assign":
            value, name = e(of), self.name()
            self.variables[of].append(name)
            return [f"{indent}{name} = {value}"]
        if kind == "augment" and self.variables["int"]:
            name = self.random.choice(self.variables["int"])
            return [f"{indent}{name} {self.pick('+=', '-=', '%=', '//=')} {e('int', 1)}"]
        if kind == "item" and self.variables["list"]:
            name = self.random.choice(self.variables["list"])
            return [f"{indent}{name}[{self.pick('0', '-1', '1', '1:2', ':')}] = "
                    f"{self.pick(e('int', 1), e('list', 1))}"]
        if kind == "unpack":
            a, b = self.name(), self.name()
            value = f"{indent}{a}, {b} = {e('int', 1)}, {e('str', 1)}"
            self.variables["int"].append(a)
            self.variables["str"].append(b)
            return [value]
        if kind == "if":
            return [f"{indent}if {self.truth(1)}:", *self.block(indent, depth),
                    f"{indent}else:", *self.block(indent, depth)]
        if kind == "for":
            name, source = self.name(), e("list", 1)
            ends = self.pick([], [f"{indent}    if {name} > 3: break"],
                             [f"{indent}    if {name} < 0: continue"])
            known = {kind: list(names) for kind, names in self.variables.items()}
            self.variables["int"].append(name)
            body = self.statements(self.random.randint(1, 2), indent + "    ", depth - 1)
            self.variables = known
            return [f"{indent}for {name} in ({source})[:6]:", *ends, *body]
        if kind == "while":
            name = self.name()
            return [f"{indent}{name} = {self.pick(1, 2, 3)}", f"{indent}while {name} > 0:",
                    f"{indent}    {name} -= 1", *self.block(indent, depth)]
        if kind == "def":
            name, arguments = self.name(), [self.name() for _ in range(self.random.randint(1, 3))]
            known = {kind: list(names) for kind, names in self.variables.items()}
            self.variables = {kind: [] for kind in self.variables}
            self.variables["int"] = list(arguments)
            body = self.statements(self.random.randint(0, 2), indent + "    ", depth - 1)
            result = f"{indent}    return {e('int', 2)}"
            self.variables = known
            lines = [f"{indent}def {name}({', '.join(arguments)}):", *body, result]
            if not indent:
                self.functions.append((name, len(arguments)))
            return lines
        values = ", ".join(e(self.random.choice(list(self.variables)), 2)
                           for _ in range(self.random.randint(1, 3)))
        return [f"{indent}print({values})"]

    def program(self):
        return "\n".join(self.statements(self.random.randint(4, 10))) + "\n"


def run(source):
    """What is printed, and whether the program fails."""
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(source, "program", "exec"), {})
        return output.getvalue(), False
    except Exception:
        return output.getvalue(), True


def main():
    seed, count = map(int, sys.argv[1:])
    warnings.simplefilter("ignore")
    programs = []
    for number in range(count):
        source = Generator(seed * 1_000_003 + number).program()
        output, fails = run(source)
        programs.append({"source": source, "output": output, "fails": fails})
    json.dump(programs, sys.stdout)


if __name__ == "__main__":
    main()
