"""reqdrift: does the live virtualenv still match the committed requirements.txt?"""
