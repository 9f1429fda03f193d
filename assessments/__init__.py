"""What is assessed, and every rule on it: units, completion, role plays, standing, panel.

Plain functions of plain values. Nothing here reads a clock, a database or the web.
"""
