"""Lesson 2 in JupyterLab: its sliders, its choice and a question answer."""


def test_the_tangent_slides(lab):
    lab.open_notebook("02_sigmoid_derivative.ipynb")
    lab.run_all()
    cell = lab.cell('tangent_explorer({"sigmoid"')
    before = lab.widget_image_src(cell)
    for label in ("z", "h"):
        lab.move_slider(label, "ArrowRight", 3, within=cell)
        before = lab.wait_for_new_picture(before, within=cell)
    lab.drag_slider("h", -80, within=cell)
    lab.wait_for_new_picture(before, within=cell)
    lab.assert_healthy()


def test_the_choice_draws_another_activation(lab):
    lab.open_notebook("02_sigmoid_derivative.ipynb")
    lab.run_all()
    cell = lab.cell('"leaky ReLU": (leaky_relu, leaky_relu_prime),\n        "sigmoid"')
    before = lab.widget_image_src(cell)
    for name in ("leaky ReLU", "sigmoid", "identity", "ReLU"):
        cell.locator("select").select_option(label=name)
        before = lab.wait_for_new_picture(before, within=cell)
    lab.assert_healthy()


def test_a_question_is_answered_with_the_keyboard(lab):
    lab.open_notebook("02_sigmoid_derivative.ipynb")
    lab.run_all()
    cell = lab.cell('question_about("step")')
    cell.get_by_role("button", name="C").focus()
    lab.press_key("Enter")
    status = cell.get_by_role("status")
    status.wait_for()
    assert "C: Yes." in status.inner_text()
    lab.assert_healthy()
