six==1.0
