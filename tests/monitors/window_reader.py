#!/usr/bin/python3
"""What a program's windows say, read over the accessibility bus; and its menus, used over it.

window_reader.py                      exits with 0 if the bus is there
window_reader.py look PROGRAM         prints its labels and tables as JSON
window_reader.py press PROGRAM ITEM   chooses an item of its menus
"""

import json
import sys

import pyatspi

MAX_CHILDREN = 500


def application(desktop, name):
    for index in range(desktop.childCount):
        found = desktop.getChildAtIndex(index)
        if found is not None and found.name == name:
            return found
    return sys.exit(f"{name} is not on the bus")


def descendants(node):
    """All below a node, and itself, in the order in which they are drawn."""
    yield node
    for index in range(min(node.childCount, MAX_CHILDREN)):
        child = node.getChildAtIndex(index)
        if child is not None:
            yield from descendants(child)


def table_of(node, title):
    parts = list(descendants(node))
    headers = [part.name for part in parts if part.getRoleName() == "table column header"]
    cells = [part.name for part in parts if part.getRoleName() == "table cell"]
    rows = [dict(zip(headers, cells[at:at + len(headers)]))
            for at in range(0, len(cells), len(headers) or 1)]
    return {"title": title, "rows": rows}


def look(program):
    labels, tables = [], []
    for node in descendants(program):
        role = node.getRoleName()
        if role == "label":
            labels.append(node.name)
        elif role in ("tree", "table"):
            tables.append(table_of(node, labels[-1] if labels else ""))
    return {"labels": labels, "tables": tables}


def press(program, name):
    for node in descendants(program):
        if node.name == name and node.getRoleName() == "menu item":
            return node.queryAction().doAction(0)
    return False


def main(words):
    desktop = pyatspi.Registry.getDesktop(0)
    if words[:1] == ["look"]:
        print(json.dumps(look(application(desktop, words[1]))))
    elif words[:1] == ["press"]:
        sys.exit(not press(application(desktop, words[1]), words[2]))


main(sys.argv[1:])
