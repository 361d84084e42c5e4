"""Templates and scripts as text: nothing that was typed is ever read as markup or as code."""

import ast
import re

import pytest

from tests.sources import ROOT, Module, modules

# What a template may not hold: unescaped values, code and style in the page, old plug-ins.
IN_TEMPLATES = {
    "unescaped": r"\|\s*safe\b|\|\s*safeseq\b|autoescape|\|\s*escapejs\b",
    "script in the page": r"<script(?![^>]*\bsrc=)",
    "handler in an attribute": r"<[^>]*\son[a-z]+\s*=",
    "style in an attribute": r"<[^>]*\sstyle\s*=",
    "script as an address": r"javascript:|data:text",
    "plug-in": r"<(object|embed|applet|iframe)\b",
    "from elsewhere": r"(src|action)=[\"']https?:",
}
# What a script may not do: make markup or code of a text, keep anything, talk to other windows, go elsewhere.
IN_SCRIPTS = {
    "markup of a text": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser",
    "code of a text": r"\beval\(|new Function|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]|import\(",
    "a store in the browser": r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|serviceWorker",
    "other windows": r"postMessage|onmessage|window\.opener|window\.open\(",
    "another address": r"location\s*=|location\.(href|assign|replace)|https?://",
    "merged objects": r"Object\.assign|__proto__|\.prototype\b",
    "json of another site": r"jsonp|callback=",
}
WAY_OUT = "location.replace(link.href)"  # once: the quick way out follows the link of the page, whose address is ours
CODE = {"eval", "exec", "compile", "__import__", "breakpoint"}


def files(folder, ending):
    found = sorted((ROOT / folder).rglob(f"*{ending}"))
    assert found  # an empty folder would pass
    return found


def faults(text, rules):
    """The names of the rules that a text breaks."""
    return [name for name, pattern in rules.items() if re.search(pattern, text)]


def test_no_template_lets_a_value_be_markup_or_code():
    pages = files("templates", ".html")
    assert {path.name: found for path in pages if (found := faults(path.read_text(), IN_TEMPLATES))} == {}
    assert len(pages) > 100


def test_no_script_makes_code_or_keeps_anything():
    scripts = files("static/js", ".js")
    texts = {path.name: path.read_text() for path in scripts}
    assert [name for name, text in texts.items() for _ in range(text.count(WAY_OUT))] == ["toegang.js"]
    bare = {name: text.replace(WAY_OUT, "") for name, text in texts.items()}
    assert {name: found for name, text in bare.items() if (found := faults(text, IN_SCRIPTS))} == {}


@pytest.mark.parametrize(
    ("text", "rules", "fault"),
    [
        ("{{ name|safe }}", IN_TEMPLATES, "unescaped"),
        ("{% autoescape off %}", IN_TEMPLATES, "unescaped"),
        ("<script>var x = '{{ name }}'</script>", IN_TEMPLATES, "script in the page"),
        ('<a href="/" onclick="x()">', IN_TEMPLATES, "handler in an attribute"),
        ('<p style="color: red">', IN_TEMPLATES, "style in an attribute"),
        ('<a href="javascript:x()">', IN_TEMPLATES, "script as an address"),
        ("<embed>", IN_TEMPLATES, "plug-in"),
        ('<img src="https://elders.example/x.png">', IN_TEMPLATES, "from elsewhere"),
        ("x.innerHTML = name", IN_SCRIPTS, "markup of a text"),
        ("eval(x)", IN_SCRIPTS, "code of a text"),
        ("localStorage.x = 1", IN_SCRIPTS, "a store in the browser"),
        ("window.addEventListener('x', onmessage)", IN_SCRIPTS, "other windows"),
        ("window.location = x", IN_SCRIPTS, "another address"),
        ("Object.assign(a, b)", IN_SCRIPTS, "merged objects"),
    ],
)
def test_a_fault_is_found(text, rules, fault):
    assert faults(text, rules) == [fault]


def code_of_a_text(module):
    """Calls that make code of a text."""
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return [call.func.id for call in calls if isinstance(call.func, ast.Name) and call.func.id in CODE]


def test_no_module_makes_code_of_a_text():
    assert {module.name: found for module in modules() if (found := code_of_a_text(module))} == {}
    assert code_of_a_text(Module("x", "a = 1\nexec('a = 2')")) == ["exec"]
