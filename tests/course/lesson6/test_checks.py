"""Lesson 6's checks see what test data of another kind would let pass."""

from nnlesson.course.lesson6 import checks as lesson6


def test_the_largest_of_a_row_is_not_always_the_right_one():
    verdict = lesson6.check_my_wrong_shares.judge(
        lambda counts: 1 - counts.max(axis=1) / counts.sum(axis=1)
    )
    assert "take the diagonal" in verdict.message


def test_interleaved_images_with_labels_in_rounds_are_not_praised():
    copies = lesson6.check_my_copies

    def interleaved(images, labels):
        rounds, labels = copies.solution(images, labels)
        return rounds.reshape(5, len(images), -1).swapaxes(0, 1).reshape(rounds.shape), labels

    assert "no longer belong together" in copies.judge(interleaved).message
