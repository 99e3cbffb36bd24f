"""The statistics, for the API and the pages alike: periods, figures, and who may see whose."""
