"""Settings of Jupyter's server for `deno task lab`.

A new notebook begins with the cells of new_notebook.ipynb beside this file.
JupyterLab itself has no templates, but leaves new notebooks to the server.
"""

from pathlib import Path

import nbformat
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
)

TEMPLATE = Path(__file__).with_name("new_notebook.ipynb")


class TemplateManager(AsyncLargeFileManager):
    """The server's own files, but for what is in new notebooks."""

    async def new(self, model=None, path=""):
        model = {} if model is None else model
        if path.endswith(".ipynb") and "content" not in model:
            model["type"] = "notebook"
            model["format"] = "json"
            model["content"] = nbformat.read(TEMPLATE, as_version=4)
        return await super().new(model, path)


c.ServerApp.contents_manager_class = TemplateManager
