"""Plain sentences of the project's own: by topic, and with marked names."""
import os
import re

MARK = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")


def lines(file):
    with open(os.path.join(os.path.dirname(__file__), file), encoding="utf-8") as content:
        return [line.strip() for line in content if line.strip() and not line.startswith("#")]


def by_topic(file):
    """[(text, topic)]"""
    found, topic = [], None
    for line in lines(file):
        if line.startswith("["):
            topic = line.strip("[]")
        else:
            found.append((line, topic))
    return found


def marked(file):
    """[(text, [(start, end, type)])]"""
    found = []
    for line in lines(file):
        text, spans, at = "", [], 0
        for mark in MARK.finditer(line):
            text += line[at:mark.start()]
            spans.append((len(text), len(text) + len(mark[1]), mark[2]))
            text += mark[1]
            at = mark.end()
        found.append((text + line[at:], spans))
    return found
