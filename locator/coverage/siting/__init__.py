"""Where the next action pays: open at a candidate, open longer, add a service.

`problem` and `bound` and `exact` are the mathematics, on arrays alone; `actions` makes a problem of
a county, `robust` asks how far the answer depends on what is assumed, `report` says it in words.
"""
