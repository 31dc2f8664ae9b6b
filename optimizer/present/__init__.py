"""Showing: plans, findings and rules as sentences, tables, CSV, JSON and a folder, in Chinese and English.

Everything here takes models and returns text; nothing prints.
"""
