"""Questions to train and fit on, and the training of the sentence reader. Nothing here is used to answer."""
