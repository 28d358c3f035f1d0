defmodule X do
  defp deps do
    [{:jason, "~> 1.0"}, {:credo, "~> 1.7", only: :dev}, {:dialyxir, "~> 1.0"}]
  end
end
