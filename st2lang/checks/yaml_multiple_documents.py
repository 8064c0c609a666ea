"""The file holds several YAML documents.

StackStorm reads exactly one document from a file and refuses files with more: registering the pack
fails, or the workflow does as soon as it is started. A line `---` at the start of the file is fine; any
further one begins another document.

Only the first document is checked.

## Bad

```yaml
version: 1.0
tasks:
  morning:
    action: core.echo message="coffee"
---
version: 1.0
tasks:
  evening:
    action: core.echo message="tea"
```

## Good

```yaml
---
version: 1.0
tasks:
  morning:
    action: core.echo message="coffee"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import is_ours
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity


def run(document: Document) -> Iterator[Problem]:
    """The second document, if there is one."""
    documents = document.yaml.documents
    if len(documents) > 1 and is_ours(document):
        yield CHECK.problem(
            f"the file holds {len(documents)} YAML documents, but StackStorm reads one document a file",
            documents[1].span,
            help="Move each document into a file of its own, or remove the `---` line.",
            related=(Related("the first document", documents[0].span),),
        )


CHECK = Check(
    "yaml-multiple-documents",
    Severity.ERROR,
    "The file holds several YAML documents.",
    run,
    EVERY,
)
