"""Executes a notebook with nbclient, as JupyterLab would, and says how it went.

    notebook.py NOTEBOOK OUT name=value...     values of the cell that is tagged parameters
"""

import sys

import nbclient
import nbformat


def main():
    path, out, *settings = sys.argv[1:]
    notebook = nbformat.read(path, as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells)
                 if "parameters" in cell.metadata.get("tags", []))
    injected = nbformat.v4.new_code_cell("\n".join(s.replace("=", " = ", 1) for s in settings))
    notebook.cells.insert(place + 1, injected)
    nbclient.NotebookClient(notebook, timeout=3600, kernel_name="pare").execute()
    nbformat.validate(notebook)
    nbformat.write(notebook, out)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), counts
    kinds = [kind for cell in notebook.cells if cell.cell_type == "code"
             for output in cell.outputs for kind in output.get("data", {})]
    assert "image/png" in kinds, kinds
    print(f"{len(counts)} cells, {kinds.count('image/png')} figures")


if __name__ == "__main__":
    main()
