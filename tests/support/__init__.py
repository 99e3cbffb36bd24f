"""What tests share: real servers, started on free ports and stopped by their process id."""
