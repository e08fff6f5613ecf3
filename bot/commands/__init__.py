"""The commands of `iblagh`, by what an operator is about: running, setting up, looking, reading at the desk."""
