"""Ask Jupyter's server for a new notebook, as JupyterLab does.

Usage: python _new_notebook.py CONFIG_FOLDER FOLDER. Makes a new notebook, saves
one that has a cell, and makes a folder and a text file, all in FOLDER.
"""

import asyncio
import sys

import jupytext
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config.loader import PyFileConfigLoader

settings, folder = sys.argv[1:]
config = PyFileConfigLoader("jupyter_server_config.py", settings).load_config()
# The server has jupytext's extension, which makes a class of its own of ours.
Manager = jupytext.build_async_jupytext_contents_manager_class(
    config.ServerApp.contents_manager_class
)
manager = Manager(config=config, root_dir=folder)


async def main():
    await manager.new_untitled(type="notebook")
    content = new_notebook(cells=[new_code_cell("1 + 1")])
    own = {"type": "notebook", "format": "json", "content": content}
    await manager.save(own, "own.ipynb")
    await manager.new_untitled(type="directory")
    await manager.new_untitled(type="file", ext=".txt")


asyncio.run(main())
