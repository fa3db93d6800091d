"""The marketplace's category tree as people rule it: its shape, what its categories ask for, its values, its learning.

    add, rename, move            ─► at once; products below are carried to the index again
    merge, retire                ─► at once in the tree; sheets, pages and commissions follow in turns, each one noted
    undo                         ─► the reverse act: what followed goes back, what was decided since stays
    a newer Google taxonomy      ─► compared with ours, category by category; nothing is applied before a person's word
    levels, value lists, gates   ─► sheets of the branch are judged again in turns
    a night's learning           ─► live only where better on sheets kept aside; one click goes back to the former

Promise: a sheet is never without the place it had, or is in front of an editor; every act has its author and its way
back; two people who change one category at once are told. Not here: the tree's own soundness (`catalog.taxonomy`), how
a category is recognized (`catalog.categories`).
"""
