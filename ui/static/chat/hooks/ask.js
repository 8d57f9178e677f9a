async (question) => (await import("/site/chat/main.js")).ask(question)
