six==1.0 \
    --hash=sha256:ab
    # via shop
