"""What an editor asks about a place in a document: one question a module, pure functions over `Document`.

Places are character offsets and `Span`s; nothing here knows a protocol or an editor. A module takes the
document and an offset (and, where the answer may lie in another file, a `Workspace`) and gives records.
`cursor` says where an offset is, `symbol` what is named there; the other modules stand on those two.
Half-typed text is the usual case: every function answers, with less where less is known, and none raises.
"""
