"""How Sphinx makes the book; `make site` runs it on notebooks that tools/make_site.py prepared."""

project = "nnlesson"
copyright = "The nnlesson contributors. Text and figures: CC BY 4.0. Code: MIT."
extensions = ["myst_nb"]
# Parts of other pages, and what is read in the repository.
exclude_patterns = ["elsewhere.md", "lessons.md", "teaching.md"]

# Nothing is run: what the notebooks store is shown.
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "myst"  # questions have mathematics
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3

html_theme = "sphinx_book_theme"
html_title = "nnlesson"
html_static_path = ["_static"]
html_css_files = ["live.css", "book.css"]
html_js_files = [("mount.js", {"defer": "defer"})]
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_theme_options = {
    "navbar_persistent": [],
    "footer_content_items": ["copyright.html"],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_context = {"default_mode": "auto"}
html_favicon = "_static/icon.svg"
# One search, above the list of pages.
html_sidebars = {"**": ["navbar-logo.html", "search-button-field.html", "sbt-sidebar-nav.html"]}

# MathJax as one file of the site, with all that its input may ask for, so that it loads nothing.
mathjax_path = "tex-svg-full.js"
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"], ["$", "$"]]},
    "options": {"enableMenu": False},
}
