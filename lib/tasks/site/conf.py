"""Settings of Sphinx, which makes the site's pages.

https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

project = "onecode"
html_title = "onecode"
language = "en"

# Notebooks come with their outputs and are never run.
extensions = ["myst_nb"]
nb_execution_mode = "off"
# Tables in texts that cells show, too.
nb_render_markdown_format = "myst"
# Widgets would load scripts from elsewhere; there are none.
nb_ipywidgets_js = {}
# Links are written for the site already.
myst_all_links_external = True
myst_heading_anchors = 3
nb_code_prompt_show = "Code"
nb_code_prompt_hide = "Code"
# Pygments takes "a! / b" for a regular expression; the cell is then coloured
# in part, which is no reason to build no site.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css", "charts.css"]
html_favicon = "static/icon.svg"
html_copy_source = False
html_show_copyright = False
html_use_index = False
html_last_updated_fmt = "%d %B %Y"
html_permalinks = False
pygments_style = "github-light-high-contrast"
pygments_dark_style = "github-dark-high-contrast"
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#005a8c",
        "color-brand-content": "#005a8c",
        "color-brand-visited": "#6a3d7c",
        "color-code-background": "#f6f8fa",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cb8ea",
        "color-brand-content": "#6cb8ea",
        "color-brand-visited": "#d3a6dd",
        "color-code-background": "#1c2026",
    },
}
