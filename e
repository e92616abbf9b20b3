tests/sysv/x_test:bad fails  at times # a race
