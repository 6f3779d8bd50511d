//! What runs by itself, what follows what, and what is shown: the life of a page's actions (`actions.md` section 2).
