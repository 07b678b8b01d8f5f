"""What lesson 3 alone needs: its checks, figures and explorers."""
