"""What may be typed at a place: one kind of offer a module.

`slots` says what of the YAML could be typed there, `code` (one level up) the same for an expression. The
modules of offers say what there is, in the words of `model`; `writing` decides how it is written there,
so that no offer ever breaks the YAML.
"""
