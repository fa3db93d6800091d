"""An XML document copied while it is read: containers are opened and closed, what stands in them is changed or kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

# Whether an element is copied by its start and end rather than as a whole, given the names from the root to it.
IsContainer = Callable[[tuple[str, ...]], bool]
# The elements to write in place of one, given those names: itself, others, or none.
Change = Callable[[tuple[str, ...], Any], Iterable[Any]]


def copy(events: Iterator[tuple[str, Any]], writer: Any, is_container: IsContainer, change: Change) -> None:
    """Write the document of these start and end events to an lxml `xmlfile` writer, part by part."""
    names: list[str] = []
    opened: list[ExitStack] = []
    for event, element in events:
        if event == "start":
            names.append(str(element.tag))
            if len(opened) == len(names) - 1 and is_container(tuple(names)):
                stack = ExitStack()
                stack.enter_context(writer.element(element.tag, dict(element.attrib), nsmap=element.nsmap))
                opened.append(stack)
            continue
        place = tuple(names)
        names.pop()
        if len(opened) == len(place):
            opened.pop().close()
            forget(element)
        elif len(opened) == len(names):
            for part in change(place, element):
                part.tail = "\n"
                writer.write(part)
            forget(element)


def forget(element: Any) -> None:
    """Free an element that was written and what stands before it."""
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]
