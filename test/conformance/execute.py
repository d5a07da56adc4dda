"""Executes a notebook with nbclient, the client behind nbconvert and papermill.

usage: execute.py NOTEBOOK OUTPUT      (runs the cells in the notebook's folder, with the kernel that its metadata names)
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

source, output = map(Path, sys.argv[1:])
notebook = nbformat.read(source, as_version=4)
client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(source.parent)}})
client.execute()
nbformat.validate(notebook)
output.parent.mkdir(parents=True, exist_ok=True)
nbformat.write(notebook, output)
