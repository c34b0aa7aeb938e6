"""What is wrong, who must do what by when: reports, cases, moves, clocks."""
