"""What lesson 2 alone needs: its checks, figures and explorers."""
