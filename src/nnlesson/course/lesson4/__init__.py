"""What lesson 4 alone needs: its checks, figures and explorers."""
