"""Reading the tree: its files, C++ without comments and strings, the functions in it."""
import pathlib
import re
import subprocess

SKIPPED_FOLDERS = {".git", "node_modules", "subprojects"}


class tree:
    """The files of a source tree that git knows, or all files where there is no git."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.paths = sorted(self._list())
        self._texts = {}

    def _list(self):
        names = self._known_to_git()
        if not names:
            names = [p.relative_to(self.root).as_posix() for p in self.root.rglob("*")]
        for name in names:
            parts = name.split("/")
            built = any(part in SKIPPED_FOLDERS or part.startswith("build") for part in parts[:-1])
            if not built and (self.root / name).is_file():
                yield name

    def _known_to_git(self):
        if not (self.root / ".git").exists():
            return []
        found = subprocess.run(
            ["git", "-C", str(self.root), "ls-files", "-co", "--exclude-standard"],
            capture_output=True, text=True, check=False)
        return found.stdout.splitlines() if found.returncode == 0 else []

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def matching(self, *prefixes, ends=()):
        """Paths below any of `prefixes` that end with one of `ends`."""
        return [p for p in self.paths
                if p.startswith(tuple(prefixes)) and (not ends or p.endswith(tuple(ends)))]

    def cpp(self, *prefixes):
        return self.matching(*prefixes, ends=(".cpp", ".hpp"))


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'", re.DOTALL)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments become spaces: lines and columns stay."""
    return _TOKEN.sub(lambda m: _blank(m[0]) if m[0].startswith(("//", "/*")) else m[0], text)


def raw_string_lines(text):
    """The numbers of the lines that hold a part of a raw string."""
    lines = set()
    for match in _TOKEN.finditer(text):
        if match[0].startswith("R"):
            first = text.count("\n", 0, match.start()) + 1
            lines.update(range(first, first + match[0].count("\n") + 1))
    return lines


def code_only(text):
    """Comments become spaces, and so does what strings hold."""
    def replace(match):
        token = match[0]
        if token.startswith(("//", "/*")):
            return _blank(token)
        return token[0] + _blank(token[1:-1]) + token[-1]
    return _TOKEN.sub(replace, text)


_NO_FUNCTION = re.compile(
    r"(\b(namespace|class|struct|union|enum|concept)\b[^()]*|=\s*|\bextern\s*\"\s*\")$")
_MACROS = re.compile(r"^\s*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE | re.DOTALL)


def functions(text):
    """(name, first line, lines) of each function with a body; what is inside belongs to it."""
    code = _MACROS.sub(lambda m: _blank(m[0]), code_only(text))
    found = []
    stack = []          # True for a function's brace, False for a scope's
    head_start = 0      # where the text that leads to the next brace begins
    begin = None
    for match in re.finditer(r"[{};]", code):
        at, c = match.start(), match[0]
        if begin is not None:
            if c == "{":
                stack.append(True)
            elif c == "}":
                stack.pop()
                if not stack or not stack[-1]:
                    name, first = begin
                    found.append((name, first, code.count("\n", 0, at) + 2 - first))
                    begin = None
                    head_start = at + 1
            continue
        if c == "{":
            head = code[head_start:at]
            name = function_name(head)
            stack.append(name is not None)
            if name is not None:
                begin = (name, code.count("\n", 0, head_start + leading(head)) + 1)
            elif not initialiser(head):
                head_start = at + 1
        elif c == "}":
            if stack:
                stack.pop()
            if not initialiser(code[head_start:at]):
                head_start = at + 1
        else:
            head_start = at + 1
    if stack:
        raise ValueError("braces do not balance")
    return found


def leading(head):
    return len(head) - len(head.lstrip())


def initialiser(head):
    """`head` ends before the braces of a value, not of a scope: a member's or a constructor's."""
    return bool(re.search(r"(\)|\bnoexcept)\s*:\s*[^;]*$", head)) and "(" in head


def function_name(head):
    """The name of the function whose body begins after `head`; None for other braces."""
    text = re.sub(r"\[\[[^\]]*\]\]", " ", head).strip()
    text = re.sub(r"^(public|private|protected)\s*:", "", text).strip()
    if "(" not in text or _NO_FUNCTION.search(text) or text.endswith((",", "(")):
        return None
    signature = re.split(r"\)\s*(?:noexcept\s*)?:(?!:)", text)[0] if ":" in text else text
    # A constructor's initialiser list that is still going on: "a_(1), b_" before "{2}".
    if re.search(r"\)\s*(noexcept\s*)?:(?!:)", text) and re.search(r"[\w>]$", text):
        return None
    if re.match(r"^(class|struct|union|enum)\b", re.sub(r"^template\s*<[^{]*?>\s*", "", text)):
        return None
    named = re.search(r"(operator\s*[^\s(]+|~?[\w]+)\s*\(", signature)
    return named[1] if named else "(unnamed)"
