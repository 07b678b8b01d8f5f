"""What lesson 1 alone needs: its checks, figures and explorers."""
