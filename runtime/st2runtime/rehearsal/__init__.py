"""Rehearsals: a workflow is conducted with mocked actions, and what comes of it is compared.

    from st2runtime.rehearsal.read import read              a case file, or what is wrong with it
    from st2runtime.rehearsal.drive import rehearse         graph and case to what comes of them
    from st2runtime.rehearsal.compare import compare        what differs from what the case expects

`case.py` has the records, `mocks.py` decides which mock an action gets, `work.py` rehearses many files,
`coverage.py` adds up what they reach, `bless.py` records what happens. Specified by
`orquesta/rehearsing.py`; `docs/rehearsals.md` tells what is added.
"""
