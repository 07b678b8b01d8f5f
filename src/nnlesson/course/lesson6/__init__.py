"""What lesson 6 alone needs: its checks, figures and explorers."""
