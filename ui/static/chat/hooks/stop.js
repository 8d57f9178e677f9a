async () => (await import("/site/chat/main.js")).stop()
