"""The inside of the conductor: what a run of a workflow consists of, and how it moves.

    plan.py          a graph, made ready for conducting: edges, joins, start tasks
    context.py       the variables that a task run sees: shared, never copied
    transitions.py   the status tables, as text
    state.py         task runs, staged tasks, actions under way; all that is saved
    machine.py       statuses of tasks and of the execution, joins, the log of errors
    orquesta.py      what is Orquesta's own: rendering, transitions, publishing, output
    chain.py         what is ActionChain's own
    performing.py    starts task runs, ends them, tries them again
    rerun.py         begins an ended execution again
    saved.py         the state as JSON data and back

`st2runtime.conductor` is the outside.
"""
