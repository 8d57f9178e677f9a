() => window.wmai.stop()
