(question) => window.wmai.ask(question)
