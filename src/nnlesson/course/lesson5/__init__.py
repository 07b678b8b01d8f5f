"""What lesson 5 alone needs: its checks, figures and explorers."""
