() => window.wmai.fail()
