describe("say", function() end)
